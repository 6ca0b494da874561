import pg from 'pg';
import { expect, test } from 'vitest';
import { connectionsOf } from '../../../src/resources/postgres/settings.ts';
import { ask, databaseOn } from '../../support/sql.ts';
import { DatabaseProject, MIGRATION } from '../../support/database-project.ts';
import { eventually } from '../../support/project.ts';

const config = (more = '', top = ''): string => `
const db = postgres({ migrate: 'migrations/*.sql', slice: 'worker', ${more} });
export default defineConfig({ resources: { db }, env: ({ db }) => ({ DATABASE_URL: db.url }), linger: 0, ${top} });
`;

const ROWS = 'select string_agg(name, $$,$$ order by id) from items';
const DATABASES = `select string_agg(datname, ' ') from pg_database where datname like 'gr\\_%'`;

test('each worker has a database of its own, made from the migrations, and sees nothing of the others', async () => {
  // A role belongs to the whole server: there is one, for all of them.
  await using project = new DatabaseProject(config(), `${MIGRATION}; create role reader`);
  const runner = await project.join();
  const workers = await Promise.all([1, 2, 3, 4].map(() => project.worker(runner)));
  const replies = await Promise.all(workers.map((worker) => worker.ready()));
  const urls = replies.map(({ endpoints }) => endpoints.db.url as string);
  expect(new Set(urls).size).toBe(4);
  expect(replies.map(({ env }) => env.DATABASE_URL)).toEqual(urls);
  await Promise.all(urls.map((url, at) => ask(url, `insert into items (name) values ('of ${at}')`)));
  const seen = await Promise.all(urls.map((url) => ask(url, ROWS)));
  expect(seen).toEqual(['seed,of 0', 'seed,of 1', 'seed,of 2', 'seed,of 3']);
  expect((await runner.ready()).endpoints, 'who has no slot sees none').toEqual({});
});

test('the next worker gets a database that nobody had, and the one of a killed worker is dropped', async () => {
  await using project = new DatabaseProject(config());
  const runner = await project.join();
  const first = await project.worker(runner);
  const { endpoints } = await first.ready();
  const { url, database } = endpoints.db as { url: string; database: string };
  await ask(url, `insert into items (name) values ('mine')`);
  first.kill('SIGKILL');
  const next = await project.worker(runner);
  const again = (await next.ready()).endpoints.db as { url: string; database: string };
  expect(again.database).not.toBe(database);
  expect(await ask(again.url, ROWS)).toBe('seed');
  await eventually(async () => {
    const names = String(await ask(databaseOn(again.url, 'postgres'), DATABASES));
    return names.split(' ').includes(database) ? undefined : true;
  }, 'the database to be dropped');
});

test('names are parseable, and PostgreSQL takes them whole', async () => {
  await using project = new DatabaseProject(config());
  const worker = await project.join('worker');
  const { key, generation, nonce } = await worker.hears('joined');
  const { endpoints } = await worker.ready();
  expect(endpoints.db.database).toMatch(new RegExp(`^gr_${key}_${generation}_${nonce}_d\\d+$`));
  expect(await ask(endpoints.db.url, 'select current_database()')).toBe(endpoints.db.database);
  expect(endpoints.db.maxConnections).toBe(12);
});

test('one for each worker and two more are made ahead, as many workers as the config or the largest run has', async () => {
  await using project = new DatabaseProject(config('', 'workers: 2'));
  const small = await project.join();
  const first = await project.worker(small);
  const { url } = (await first.ready()).endpoints.db as { url: string };
  const count = (): Promise<unknown> =>
    ask(databaseOn(url, 'postgres'), `select count(*)::int from pg_database where datname like 'gr\\_%'`);
  const become = (wanted: number): Promise<unknown> =>
    eventually(async () => ((await count()) === wanted ? true : undefined), `${wanted} databases`);
  await become(1 + 2 + 2);
  const large = await project.join('runner', { WORKERS: '4' });
  await (await project.worker(large)).ready();
  await become(2 + 4 + 2);
  expect(await count(), 'and no more').toBe(8);
});

test('all workers can have all their connections open at once, while databases come and go', async () => {
  await using project = new DatabaseProject(
    config(`settings: { max_connections: ${connectionsOf(12)} }`, 'workers: 12'),
  );
  const runner = await project.join();
  const open = async (member: Awaited<ReturnType<typeof project.worker>>): Promise<string> => {
    const { url, maxConnections } = (await member.ready()).endpoints.db as { url: string; maxConnections: number };
    const clients = Array.from({ length: maxConnections }, () => new pg.Client({ connectionString: url }));
    for (const client of clients) client.on('error', () => undefined);
    await Promise.all(clients.map((client) => client.connect()));
    return url;
  };
  const workers = await Promise.all(Array.from({ length: 12 }, () => project.worker(runner)));
  const [url = ''] = await Promise.all(workers.map(open));
  workers[0]!.kill('SIGKILL');
  const next = await open(await project.worker(runner));
  expect(next).not.toBe(url);
  const taken = `select count(*)::int from pg_stat_activity where datname like 'gr\\_%'`;
  expect(await ask(next, taken)).toBe(12 * 12 + 1);
});

test('one more worker than the server has connections for is told the numbers', async () => {
  await using project = new DatabaseProject(config(`settings: { max_connections: ${connectionsOf(2)} }`));
  const runner = await project.join();
  const workers = await Promise.all([1, 2].map(() => project.worker(runner)));
  await Promise.all(workers.map((worker) => worker.ready()));
  const third = await project.worker(runner);
  third.order('wait', { resources: null });
  expect(await third.hears('failed')).toMatchObject({
    code: 'SLICE_FAILED',
    message: expect.stringMatching(new RegExp(`max_connections ${connectionsOf(2)}.*2 workers at 12 each`)),
  });
  workers[0]!.kill('SIGKILL');
  await eventually(async () => {
    const before = third.heard.length;
    third.order('wait', { resources: null });
    return eventually(() => third.heard[before], 'an answer').then(({ kind }) => (kind === 'ready' ? true : undefined));
  }, 'the place of the killed worker');
});

test('sessions of a killed worker do not keep its database', async () => {
  await using project = new DatabaseProject(config());
  const runner = await project.join();
  const worker = await project.worker(runner);
  const { endpoints } = await worker.ready();
  const { url, database } = endpoints.db as { url: string; database: string };
  // Somebody else, such as a service of the spec's, is still connected.
  const sleeping = ask(url, 'select pg_sleep(60)').catch((error: Error) => error.message);
  await eventually(
    async () =>
      (await ask(url, `select count(*)::int from pg_stat_activity where query like '%pg_sleep(60)%'`)) === 2
        ? true
        : undefined,
    'the session to be there',
  );
  worker.kill('SIGKILL');
  expect(await sleeping).toMatch(/terminat/);
  const next = await project.worker(runner);
  const { url: other } = (await next.ready()).endpoints.db as { url: string };
  await eventually(async () => {
    const names = String(await ask(databaseOn(other, 'postgres'), DATABASES));
    return names.split(' ').includes(database) ? undefined : true;
  }, 'the database to be dropped');
});

test('without migrations the databases are empty', async () => {
  await using project = new DatabaseProject(config().replace("migrate: 'migrations/*.sql', ", ''));
  const worker = await project.join('worker');
  const { endpoints } = await worker.ready();
  expect(await ask(endpoints.db.url, 'select count(*)::int from pg_tables where schemaname = $$public$$')).toBe(0);
});
