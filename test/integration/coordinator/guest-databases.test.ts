import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { connectionsOf } from '../../../src/resources/postgres/settings.ts';
import { eventually, type Member } from '../../support/project.ts';
import { guestProject, sharedServer, type SharedServer } from '../../support/shared-server.ts';
import { servers } from '../../support/sql-project.ts';
import { ask } from '../../support/sql.ts';

interface Slice {
  readonly url: string;
  readonly database: string;
  readonly maxConnections: number;
}

const READY = { resources: null };
const ROWS = 'select string_agg(name, $$,$$ order by id) from items';
const SAME_KEY = { top: `key: 'same'` };

const sliceOf = async (worker: Member): Promise<Slice> => (await worker.ready(READY)).endpoints.db;

const failureOf = async (worker: Member): Promise<any> => {
  worker.order('wait', READY);
  return worker.hears('failed');
};

test.each(servers())(
  '%s: each worker has a database of its own on a server that was there before; nothing is left, and nothing else touched',
  async (binaries) => {
    const server = await sharedServer({ binaries });
    await using project = guestProject(server.url.replace('127.0.0.1', 'localhost'));
    const workers = [await project.join('worker'), await project.join('worker'), await project.join('worker')];
    const slices = await Promise.all(workers.map(sliceOf));
    const { key, generation, nonce } = await workers[0]!.hears('joined');
    const name = new RegExp(`^gr_${key}_${generation}_${nonce}_[0-9a-f]{8}_d\\d+$`);
    for (const { database } of slices) expect(database).toMatch(name);
    expect(new Set(slices.map(({ database }) => database)).size).toBe(3);
    expect(slices[0]).toMatchObject({ host: '127.0.0.1', maxConnections: 12 });
    await Promise.all(slices.map(({ url }, at) => ask(url, `insert into items (name) values ('of ${at}')`)));
    const seen = await Promise.all(slices.map(({ url }) => ask(url, ROWS)));
    expect(seen).toEqual(['seed,of 0', 'seed,of 1', 'seed,of 2']);
    expect(await ask(slices[0]!.url, 'select current_database()')).toBe(slices[0]!.database);
    for (const worker of workers) worker.kill();
    await project.nothingLeft();
    expect(await server.ours()).toEqual([]);
    expect(await ask(server.url, 'select count(*)::int from things')).toBe(2);
    expect(await server.ask(`select count(*)::int from pg_locks where locktype = 'advisory'`)).toBe(0);
  },
);

test('two resources of one generation on one server, one of them empty, do not touch each other’s databases', async () => {
  const server = await sharedServer({ settings: { fsync: 'on' } });
  await using project = guestProject(server.url);
  project.configure(`
    const db = postgres({ url: '${server.url}', migrate: 'migrations/*.sql', slice: 'worker' });
    const empty = postgres({ url: '${server.url}', slice: 'worker' });
    export default defineConfig({ resources: { db, empty }, linger: 0 });`);
  const worker = await project.join('worker');
  const { endpoints } = await worker.ready(READY);
  const tables = 'select count(*)::int from pg_tables where schemaname = $$public$$';
  expect(await ask(endpoints.db.url, tables)).toBe(1);
  expect(await ask(endpoints.empty.url, tables)).toBe(0);
  expect(await server.ask(`select count(*)::int from pg_locks where locktype = 'advisory'`)).toBe(2);
  worker.kill();
  await project.nothingLeft();
  expect(await server.ours()).toEqual([]);
});

test('two machines with equal keys do not touch each other’s databases', async () => {
  const server = await sharedServer();
  await using one = guestProject(server.url, SAME_KEY);
  const first = await one.join('worker');
  const mine = await sliceOf(first);
  const { key, coordinator } = await first.hears('joined');
  await using other = guestProject(server.url, SAME_KEY);
  const second = await other.join('worker');
  expect(await second.hears('joined')).toMatchObject({ key });
  expect(coordinator.pid).not.toBe((await second.hears('joined')).coordinator.pid);
  const theirs = await sliceOf(second);
  expect(await ask(mine.url, ROWS)).toBe('seed');
  second.kill();
  await other.nothingLeft();
  await expect(ask(theirs.url, ROWS)).rejects.toMatchObject({ code: '3D000' });
  expect(await ask(mine.url, ROWS)).toBe('seed');
  first.kill();
  await one.nothingLeft();
  expect(await server.ours()).toEqual([]);
});

test.each(servers())(
  '%s: what a killed coordinator left is removed by the next one, wherever that runs: sealed, broken, in use',
  async (binaries) => {
    const server = await sharedServer({ binaries });
    await using project = guestProject(server.url, SAME_KEY);
    const worker = await project.join('worker');
    const { url, database } = await sliceOf(worker);
    const { coordinator } = await worker.hears('joined');
    process.kill(coordinator.pid, 'SIGKILL');
    await worker.hears('lost');
    await eventually(() => (project.running().length === 1 ? true : undefined), 'the coordinator to be gone');
    const strays = await server.ours();
    expect(strays).toContain(database.replace(/d\d+$/, 'template'));
    // What a removal that was cut short leaves.
    const broken = strays.find((name) => /_d\d+$/.test(name) && name !== database);
    await server.ask(`update pg_database set datconnlimit = -2 where datname = '${broken}'`);
    // Names that only look like ours.
    const lookalikes = ['gr_mine', database.slice(0, -1) + 'x', `${database}_copy`];
    for (const name of lookalikes) await server.ask(`create database "${name}"`);
    const sleeping = ask(url, 'select pg_sleep(60)').catch((error: Error) => error.message);

    await using elsewhere = guestProject(server.url);
    const next = await elsewhere.join('worker');
    await sliceOf(next);
    expect((await server.ours()).filter((name) => strays.includes(name))).toEqual([]);
    expect(await sleeping).toMatch(/terminat/);
    next.kill();
    await elsewhere.nothingLeft();
    expect((await server.ours()).toSorted()).toEqual(lookalikes.toSorted());
  },
);

test.each(['postgres.building', 'postgres.sealing'])(
  'I4: the coordinator is killed at %s: the next one removes the half template, and builds its own',
  async (point) => {
    const server = await sharedServer();
    await using project = guestProject(server.url);
    const first = project.spawn('worker', { GREENROOM_FAULT: point });
    first.order('wait', READY);
    await first.hears('failed');
    first.kill();
    expect(await server.ours()).toEqual([expect.stringMatching(/_building$/)]);
    const next = await project.join('worker');
    expect(await ask((await sliceOf(next)).url, ROWS)).toBe('seed');
    expect((await server.ours()).filter((name) => name.endsWith('_building'))).toEqual([]);
    next.kill();
    await project.nothingLeft();
    expect(await server.ours()).toEqual([]);
  },
);

test('who loses the connection that keeps its databases loses the resource, and is told so', async () => {
  const server = await sharedServer();
  await using project = guestProject(server.url);
  const worker = await project.join('worker');
  const { database } = await sliceOf(worker);
  await server.ask(
    `select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'gr\\_%\\_lock'`,
  );
  await eventually(
    () => project.generations()[0]?.events.find(({ kind }) => kind === 'failed'),
    'the resource to be lost',
  );
  expect(await failureOf(worker)).toMatchObject({
    code: 'RESOURCE_LOST',
    message: 'the connection that keeps the databases of db its own was lost while in use',
  });
  worker.kill();
  await project.nothingLeft();
  expect(await server.ours(), database).toEqual([]);
});

test('wrong credentials are one clear error, without the password', async () => {
  const server = await sharedServer();
  await using project = guestProject(server.as('postgres', 'wrong'));
  const failure = await failureOf(await project.join('worker'));
  expect(failure).toMatchObject({
    code: 'ADOPT_FAILED',
    message: expect.stringMatching(
      /shall adopt does not let it in: password authentication failed for user "postgres"/,
    ),
    hint: 'correct user and password in `url`',
  });
  expect(JSON.stringify(failure)).not.toContain('wrong');
});

test('a role that may not create databases is told so; one that may is enough', async () => {
  const server = await sharedServer();
  await server.ask(`create role guest login password 'guest'`);
  await using refused = guestProject(server.as('guest'));
  expect(await failureOf(await refused.join('worker'))).toMatchObject({
    code: 'SLICE_FAILED',
    message: expect.stringMatching(/^the role guest may not create databases on the server at 127.0.0.1:\d+/),
    hint: expect.stringContaining('alter role "guest" createdb'),
  });
  await server.ask(`alter role guest createdb`);
  await using project = guestProject(server.as('guest'));
  const worker = await project.join('worker');
  expect(await ask((await sliceOf(worker)).url, ROWS)).toBe('seed');
  worker.kill();
  await project.nothingLeft();
  expect(await server.ours()).toEqual([]);
});

test('settings of the database itself are told where no superuser can copy them', async () => {
  const server = await sharedServer();
  await server.ask(`create role guest login createdb password 'guest'`);
  const migration = `do $$ begin execute format('alter database %I set work_mem = %L', current_database(), '7MB'); end $$`;
  await using project = guestProject(server.as('guest'), { migration });
  expect(await failureOf(await project.join('worker'))).toMatchObject({
    code: 'SLICE_FAILED',
    message: expect.stringContaining('sets settings or rights of the database itself'),
  });
  await server.nothingOfOurs();
  await using super_ = guestProject(server.url, { migration });
  const worker = await super_.join('worker');
  expect(await ask((await sliceOf(worker)).url, 'show work_mem')).toBe('7MB');
});

test('too few connections for the workers are told once, with the numbers, before anything is made', async () => {
  const server = await sharedServer({ settings: { max_connections: 60 } });
  await using project = guestProject(server.url, { top: 'workers: 5' });
  const workers = [await project.join('worker'), await project.join('worker')];
  for (const failure of await Promise.all(workers.map(failureOf))) {
    const inUse = Number(/(\d+) in use$/.exec(failure.message)?.[1]);
    const enough = connectionsOf(5) + 3 + inUse;
    expect(inUse).toBeLessThan(7);
    expect(failure).toMatchObject({
      code: 'SLICE_FAILED',
      message: expect.stringMatching(
        new RegExp(
          `^5 workers at 12 connections each, and Greenroom, need ${connectionsOf(5)} of the server at \\S+, which has 5\\d left: max_connections 60, less 3 reserved and \\d+ in use$`,
        ),
      ),
      hint: expect.stringMatching(
        new RegExp(`^raise \`max_connections\` of that server to ${enough}, lower \`workers\``),
      ),
    });
  }
  expect(project.generations().flatMap(({ events }) => events.filter(({ kind }) => kind === 'failed'))).toHaveLength(1);
  expect(await server.ours()).toEqual([]);
});

test('what the next one may not remove is named in its log, and does not keep it from starting', async () => {
  const server = await sharedServer();
  await server.ask(`create role guest login createdb password 'guest'`);
  await using project = guestProject(server.url);
  const worker = await project.join('worker');
  const { database } = await sliceOf(worker);
  process.kill((await worker.hears('joined')).coordinator.pid, 'SIGKILL');
  worker.kill();
  await using next = guestProject(server.as('guest'));
  await sliceOf(await next.join('worker'));
  const { events } = next.generations()[0]!;
  expect(events.map((event) => ('text' in event ? event.text : ''))).toContainEqual(
    expect.stringMatching(`^what ${database.replace(/_d\d+$/, '')} left on the server is still there: .*must be owner`),
  );
  expect(await ask(server.url, `select 1 from pg_database where datname = '${database}'`)).toBe(1);
});

/** Holds up all that makes or removes databases, until it is called. */
async function holdUp(url: string): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: url });
  onTestFinished(() => client.end());
  client.on('error', () => undefined);
  await client.connect();
  await client.query('begin');
  await client.query('lock table pg_database in share mode');
  return () => client.end();
}

/** Waits until a statement waits for that. */
const heldUp = (server: SharedServer, statement: string): Promise<unknown> => {
  const waiting = `select count(*)::int from pg_stat_activity where wait_event_type = 'Lock' and query like '${statement}%'`;
  return eventually(async () => ((await server.ask(waiting)) === 0 ? undefined : true), `a ${statement} to wait`);
};

const statements = servers().flatMap((binaries) => [
  [binaries, 'create database', 'late'] as const,
  [binaries, 'create database', 'ended'] as const,
  [binaries, 'drop database', 'late'] as const,
]);

test.each(statements)(
  '%s: the coordinator is killed amid %s, which the server carries out without it (%s)',
  async (binaries, statement, how) => {
    const server = await sharedServer({ binaries });
    await using project = guestProject(server.url);
    const worker = await project.join('worker');
    const { coordinator } = await worker.hears('joined');
    const dropping = statement === 'drop database';
    // One that nobody has touched would be handed out again.
    if (dropping) await ask((await sliceOf(worker)).url, 'create table used ()');
    const goOn = await holdUp(server.url);
    if (dropping) worker.kill();
    else worker.order('wait', READY);
    await heldUp(server, statement);
    process.kill(coordinator.pid, 'SIGKILL');
    worker.kill();
    await eventually(() => (project.running().length === 0 ? true : undefined), 'the coordinator to be gone');
    if (how === 'late') await goOn();
    const next = await project.join('worker');
    if (how === 'ended') {
      next.order('wait', READY);
      const alone = `select count(*)::int from pg_stat_activity where wait_event_type = 'Lock'`;
      await eventually(
        async () => ((await server.ask(alone)) === 1 && next.heard.length > 0 ? true : undefined),
        'the session of the killed one to be ended',
      );
      await goOn();
    }
    expect(await ask((await sliceOf(next)).url, ROWS)).toBe('seed');
    next.kill();
    await project.nothingLeft();
    expect(await server.ours()).toEqual([]);
  },
);
