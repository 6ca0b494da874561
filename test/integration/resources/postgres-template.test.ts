import pg from 'pg';
import { expect, test } from 'vitest';
import { createDatabase, openTemplate, type Template } from '../../../src/resources/postgres/clone.ts';
import { connectionsOf } from '../../../src/resources/postgres/settings.ts';
import { type Ask, session } from '../../../src/resources/probes/sql.ts';
import { ask, databaseOn } from '../../support/sql.ts';
import { MIGRATED, servers, sqlProject } from '../../support/sql-project.ts';

const TEMPLATE = `select datname from pg_database where datname like 'greenroom\\_%'`;

/** On the server of a started resource, with its template. */
async function withTemplate(url: string, use: (ask: Ask, template: Template) => Promise<void>): Promise<void> {
  const name = String(await ask(url, TEMPLATE));
  await session(databaseOn(url, 'postgres'), import.meta.dirname, new AbortController().signal, async (sql) =>
    use(sql, await openTemplate(sql, name)),
  );
}

test.each(servers())('%s: the template is sealed, and cloned as often at once as one likes', async (binaries) => {
  const { url, endpoint, failure } = await sqlProject().start({ ...MIGRATED, binaries });
  expect(failure).toBeUndefined();
  expect(endpoint?.database).toBe('app');
  await withTemplate(url, async (sql, template) => {
    expect(template.name).toMatch(/^greenroom_template_[0-9a-f]{32}$/);
    expect(template.strategy).toBe(' strategy file_copy');
    await expect(ask(databaseOn(url, template.name), 'select 1')).rejects.toMatchObject({ code: '55000' });
    await expect(sql(`drop database "${template.name}"`)).rejects.toMatchObject({ code: '42809' });

    const names = Array.from({ length: 12 }, (_, index) => `clone_${index}`);
    const signal = new AbortController().signal;
    await Promise.all(
      names.map((name) =>
        session(databaseOn(url, 'postgres'), import.meta.dirname, signal, (own) => createDatabase(own, template, name)),
      ),
    );
    for (const name of names) expect(await ask(databaseOn(url, name), 'select count(*)::int from users')).toBe(2);
    expect(await ask(url, `select count(*)::int from pg_database where datname like '%building%'`)).toBe(0);
    await expect(createDatabase(sql, template, 'x'.repeat(64))).rejects.toThrow('64 bytes; 63 are possible');
  });
});

test.each(servers())('%s: a large template is copied by reference, if the server can', async (binaries) => {
  const { url } = await sqlProject().start({ ...MIGRATED, binaries });
  await withTemplate(url, async (sql, template) => {
    const said: string[] = [];
    const asking: Ask = (text) => {
      said.push(text.split(' template ')[0]!);
      return sql(text);
    };
    await createDatabase(asking, { ...template, byReference: true }, 'large');
    const byReference = [`set file_copy_method = 'clone'`, 'create database "large"'];
    const refused = [byReference[0], 'reset file_copy_method', byReference[1]];
    expect(said).toEqual(binaries === 'embedded' ? byReference : refused);
    expect(await ask(databaseOn(url, 'large'), 'select count(*)::int from users')).toBe(2);
  });
});

test.each(servers())(
  '%s: settings and rights of the database itself, and roles, come with a clone',
  async (binaries) => {
    const { url } = await sqlProject({
      'migrations/1.sql': `
      create role reader;
      do $$ begin
        execute format('alter database %I set search_path = "$user", app, public', current_database());
        execute format('alter role reader in database %I set work_mem = %L', current_database(), '7MB');
        execute format('revoke connect on database %I from public', current_database());
      end $$;`,
      'migrations/2.sql': 'create schema app; create table app.things (id int)',
    }).start({ migrate: 'migrations/*.sql', binaries });
    expect(await ask(url, 'show search_path')).toBe('"$user", app, public');
    expect(await ask(url, 'select count(*)::int from things')).toBe(0);
    const rights = `select has_database_privilege('reader', current_database(), 'connect')`;
    expect(await ask(url, rights)).toBe(false);
    const own = `select setconfig[1] from pg_db_role_setting s join pg_database d on d.oid = setdatabase
    where datname = current_database() and setrole = 'reader'::regrole`;
    expect(await ask(url, own)).toBe('work_mem=7MB');
  },
);

test('extensions are there before the migration, and a dump that sets its search path harms no other file', async () => {
  const { url, failure } = await sqlProject({
    'sql/1.sql': `select pg_catalog.set_config('search_path', '', false); create table public.a (name public.citext);`,
    'sql/2.sql': `\u{FEFF}create table b (name citext);`,
  }).start({ migrate: ['sql/2.sql', 'sql/*.sql'], extensions: ['citext'] });
  expect(failure).toBeUndefined();
  expect(await ask(url, 'select count(*)::int from a, b')).toBe(0);
});

test('a command migrates, and is told where', async () => {
  const project = sqlProject({
    'migrate.mjs': `
      import { execFileSync } from 'node:child_process';
      if (!process.env.DATABASE_URL.startsWith('postgres://postgres:')) process.exit(3);
      const { default: pg } = await import(${JSON.stringify(import.meta.resolve('pg'))});
      const client = new pg.Client(process.env.DATABASE_URL);
      await client.connect();
      await client.query('create table made_by_command ()');
      await client.end();`,
  });
  const migrate = { run: ['node', 'migrate.mjs'], files: 'migrate.mjs' };
  const first = await project.start({ migrate });
  expect(first.failure).toBeUndefined();
  expect(await ask(first.url, 'select count(*)::int from made_by_command')).toBe(0);
  await first.stop();
  project.write('migrate.mjs', 'process.exit(4)');
  const { failure } = await project.start({ migrate });
  expect(failure).toMatchObject({
    code: 'MIGRATION_FAILED',
    message: 'migrating pg2 failed at `node migrate.mjs`: exited with code 4',
  });
});

test('a function migrates; its error is the migration’s', async () => {
  const project = sqlProject({});
  const query = async (url: string, text: string): Promise<void> => void (await ask(url, text));
  const done = await project.start({ migrate: ({ url }) => query(url, 'create table made_by_function ()') });
  expect(await ask(done.url, 'select count(*)::int from made_by_function')).toBe(0);
  const { failure } = await project.start({ migrate: ({ url }) => query(url, 'create nonsense'), salt: 'other' });
  expect(failure).toMatchObject({
    code: 'MIGRATION_FAILED',
    message: expect.stringContaining('failed at the function `migrate`: syntax error at or near "nonsense"'),
  });
});

test('a session that a migration leaves open is told, and not cut', async () => {
  const clients: pg.Client[] = [];
  const errors: Error[] = [];
  const { failure } = await sqlProject({}).start({
    migrate: async ({ url }) => {
      const client = new pg.Client({ connectionString: url, application_name: 'my pool' });
      client.on('error', (error) => errors.push(error));
      clients.push(client);
      await client.connect();
      await client.query('create table t ()');
    },
  });
  expect(failure).toMatchObject({
    code: 'MIGRATION_FAILED',
    message: expect.stringContaining(
      '1 of its connections stayed open, such as my pool, last with "create table t ()"',
    ),
    hint: expect.stringContaining('await pool.end()'),
  });
  await Promise.all(clients.map((client) => client.end().catch(() => undefined)));
});

test.each([
  ['1.sql:2:20', 'create table a ();\ncreate table b (id nonsense);', 'type "nonsense" does not exist'],
  ['1.sql:1:35', `select '😀 ümläut' as text; select colour`, 'column "colour" does not exist'],
  ['1.sql', 'begin; create table a ();', 'it leaves a transaction open'],
])('a failing file is named with the place in it: %s', async (place, text, said) => {
  const project = sqlProject({ 'sql/0.sql': 'create table z ();', 'sql/1.sql': text });
  const { failure } = await project.start({ migrate: 'sql/*.sql' });
  expect(failure).toMatchObject({ code: 'MIGRATION_FAILED', subject: 'pg1' });
  expect(failure?.message).toContain(`failed at sql/${place}: ${said}`);
});

test('connections suffice for the workers that the config names', async () => {
  const { url } = await sqlProject({}).start({}, { workers: 100 });
  expect(await ask(url, 'show max_connections')).toBe(String(connectionsOf(100)));
});
