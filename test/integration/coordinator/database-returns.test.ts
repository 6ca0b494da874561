import { describe, expect, test } from 'vitest';
import { databaseOn, ask } from '../../support/sql.ts';
import { eventually, type Member, type Project } from '../../support/project.ts';
import { DatabaseProject } from '../../support/database-project.ts';
import { servers } from '../../support/sql-project.ts';

interface Database {
  readonly url: string;
  readonly database: string;
}

const MIGRATION = `
  create table items (id serial primary key, name text);
  insert into items (name) values ('seed');
  create sequence tickets;
`;

const config = (binaries: string): string => `
const db = postgres({ migrate: 'migrations/*.sql', slice: 'file', binaries: '${binaries}' });
export default defineConfig({ resources: { db }, env: ({ db }) => ({ DATABASE_URL: db.url }), linger: 0 });
`;

/** Gives a database back after some use; returns the name it has then, null when it was dropped. */
async function afterUse(
  project: Project,
  worker: Member,
  use: (database: Database) => Promise<unknown>,
): Promise<unknown> {
  const { endpoints } = await worker.ready({ resources: null, unit: 'file' });
  const { url, database } = endpoints.db as Database;
  const admin = databaseOn(url, 'postgres');
  const oid = await ask(admin, `select oid::int from pg_database where datname = '${database}'`);
  const before = returned(project);
  await use({ url, database });
  worker.order('release');
  await eventually(() => returned(project) > before || undefined, 'it to be nobody’s');
  const name = await ask(admin, `select datname from pg_database where oid = ${String(oid)}`);
  expect(name).not.toBe(database);
  return name ?? null;
}

const returned = (project: Project): number =>
  project.generations().flatMap(({ events }) => events.filter(({ kind }) => kind === 'slice.dropped')).length;

describe.each(servers())('PostgreSQL: %s', (binaries) => {
  test('a database that nobody has touched is handed out again, under another name', async () => {
    await using project = new DatabaseProject(config(binaries), MIGRATION);
    const worker = await project.join('worker');
    const untouched: readonly (readonly [string, (database: Database) => Promise<unknown>])[] = [
      ['not even connected to', async () => undefined],
      ['read', ({ url }) => ask(url, 'select * from items')],
      ['a transaction without effect', ({ url }) => ask(url, 'begin; select 1; rollback')],
      ['read again', ({ url }) => ask(url, 'select count(*) from items')],
    ];
    for (const [what, use] of untouched) expect(await afterUse(project, worker, use), what).toMatch(/^gr_/);
    const touched: readonly (readonly [string, string])[] = [
      ['insert', `insert into items (name) values ('x')`],
      ['rolled back insert', `begin; insert into items (name) values ('x'); rollback`],
      ['update', `update items set name = name`],
      ['delete', 'delete from items'],
      ['truncate', 'truncate items'],
      ['ddl', 'create table more ()'],
      ['function', `create function f() returns int language sql as 'select 1'`],
      ['large object', `select lo_from_bytea(0, '\\x01')`],
      ['nextval', `select nextval('tickets')`],
      ['setval that was not called', `select setval('tickets', 7, false)`],
      ['statistics reset', 'select pg_stat_reset()'],
    ];
    for (const [what, sql] of touched) {
      expect(await afterUse(project, worker, ({ url }) => ask(url, sql)), what).toBeNull();
    }
    const ofDatabase =
      (sql: (name: string) => string) =>
      ({ url, database }: Database) =>
        ask(url, sql(database));
    expect(
      await afterUse(
        project,
        worker,
        ofDatabase((name) => `alter database ${name} set search_path = x`),
      ),
      'set',
    ).toBeNull();
    expect(
      await afterUse(
        project,
        worker,
        ofDatabase((name) => `grant create on database ${name} to pg_monitor`),
      ),
      'grant',
    ).toBeNull();
    expect(
      await afterUse(
        project,
        worker,
        ofDatabase((name) => `comment on database ${name} is 'x'`),
      ),
      'comment',
    ).toBeNull();
  });
});
