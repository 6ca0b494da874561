import { expect, test } from 'vitest';
import { eventually, Project, type Member } from '../../support/project.ts';
import { ask, redisServer } from '../../support/redis.ts';

const config = (url: string, workers?: number): string => `
const cache = redis({ url: '${url}', slice: 'worker' });
export default defineConfig({ resources: { cache }, linger: 0${workers === undefined ? '' : `, workers: ${workers}`} });
`;

const READY = { resources: null };

interface Slice {
  readonly url: string;
  readonly database: number;
}

const sliceOf = async (worker: Member): Promise<Slice> => (await worker.ready(READY)).endpoints.cache;

/** What the worker's next wait fails with. */
const failureOf = async (worker: Member): Promise<any> => {
  const before = worker.heard.filter(({ kind }) => kind === 'failed').length;
  worker.order('wait', READY);
  return worker.hears('failed', before + 1);
};

const sorted = (numbers: readonly number[]): readonly number[] => numbers.toSorted((a, b) => a - b);

const noMarks = async (server: { marks(): Promise<object> }): Promise<true | undefined> =>
  Object.keys(await server.marks()).length === 0 ? true : undefined;

test('each worker has a database of a server that was there before; it is empty at first and emptied afterwards', async () => {
  await using server = await redisServer();
  await ask(`${server.url}/0`, (client) => client.set('theirs', 1));
  await ask(`${server.url}/1`, (client) => client.set('stray', 1));
  await using project = new Project(config(server.url, 3));
  const workers = [await project.join('worker'), await project.join('worker'), await project.join('worker')];
  const slices = await Promise.all(workers.map(sliceOf));
  expect(sorted(slices.map(({ database }) => database))).toEqual([1, 2, 3]);
  expect(slices.map(({ url }) => url)).toEqual(slices.map(({ database }) => `${server.url}/${database}`));
  expect(await Promise.all(slices.map(({ url }) => ask(url, (client) => client.dbsize())))).toEqual([0, 0, 0]);
  const { key, generation, nonce } = await workers[0]!.hears('joined');
  const owners = Object.values(await server.marks());
  expect(owners.every((owner) => owner?.startsWith(`gr_${key}_${generation}_${nonce}_`))).toBe(true);

  await Promise.all(slices.map(({ url, database }) => ask(url, (client) => client.set('mine', database))));
  await ask(slices[0]!.url, (client) => client.flushdb());
  expect(await Promise.all(slices.map(({ url }) => ask(url, (client) => client.get('mine'))))).toEqual([
    null,
    String(slices[1]!.database),
    String(slices[2]!.database),
  ]);
  for (const worker of workers) worker.kill();
  await project.nothingLeft();
  expect(await server.keys()).toEqual({ 0: 1 });
  expect(await ask(server.url, (client) => client.get('theirs'))).toBe('1');
});

test('the database that the url names is nobody’s slice', async () => {
  await using server = await redisServer('--databases', '3');
  await using project = new Project(config(`${server.url}/1`));
  const worker = await project.join('worker');
  expect(await sliceOf(worker)).toMatchObject({ database: 2, url: `${server.url}/2` });
});

test('fewer databases than workers is one clear error at the start, with the numbers', async () => {
  await using server = await redisServer('--databases', '4');
  await using project = new Project(config(server.url, 12));
  const worker = await project.join('worker');
  expect(await failureOf(worker)).toMatchObject({
    code: 'SLICE_FAILED',
    message: `12 workers need a database of cache each, but the server at 127.0.0.1:${server.port} has 4, of which 3 can be leased`,
    hint: expect.stringContaining('raise `databases` of that server to 13'),
  });
});

test('a server that does not say how many it has is a clear error', async () => {
  await using server = await redisServer('--rename-command', 'CONFIG', '');
  await using project = new Project(config(server.url));
  const worker = await project.join('worker');
  expect(await failureOf(worker)).toMatchObject({
    code: 'SLICE_FAILED',
    message: expect.stringMatching(/does not say how many databases cache may lease: .*unknown command/i),
  });
});

test('a worker beyond the databases is told so with the numbers, and gets one when another is given back', async () => {
  await using server = await redisServer('--databases', '3');
  await using project = new Project(config(server.url));
  const [one, two, three] = [await project.join('worker'), await project.join('worker'), await project.join('worker')];
  const first = await sliceOf(one);
  await sliceOf(two);
  expect(await failureOf(three)).toMatchObject({
    code: 'SLICE_FAILED',
    message: `all 2 databases of the server at 127.0.0.1:${server.port} that cache may lease are taken: 2 by this run, 0 by others`,
  });
  one.kill();
  await eventually(
    async () => (Object.keys(await server.marks()).length === 1 ? true : undefined),
    'one to be given back',
  );
  expect((await sliceOf(three)).database).toBe(first.database);
});

test('two coordinators never lease one database at the same time, and neither touches what the other has', async () => {
  await using server = await redisServer('--databases', '6');
  await using here = new Project(config(server.url));
  await using there = new Project(config(server.url));
  const ours = await Promise.all([here.join('worker'), here.join('worker'), here.join('worker')]);
  const theirs = await Promise.all([there.join('worker'), there.join('worker')]);
  const slices = await Promise.all([...ours, ...theirs].map(sliceOf));
  expect(sorted(slices.map(({ database }) => database))).toEqual([1, 2, 3, 4, 5]);
  await Promise.all(slices.map(({ url }) => ask(url, (client) => client.set('mine', url))));
  expect(await failureOf(await there.join('worker'))).toMatchObject({
    message: expect.stringContaining('all 5 databases'),
    code: 'SLICE_FAILED',
  });
  for (const worker of ours) worker.kill();
  await here.nothingLeft();
  const left = slices.slice(3).map(({ database }) => String(database));
  expect(Object.keys(await server.marks())).toEqual(left.toSorted());
  expect(Object.keys(await server.keys()).toSorted()).toEqual(['0', ...left].toSorted());
});

test('the databases of a coordinator that was killed stay marked until that expires; then they are emptied for the next', async () => {
  await using server = await redisServer('--databases', '2');
  await using dead = new Project(config(server.url));
  const worker = await dead.join('worker');
  const { url } = await sliceOf(worker);
  await ask(url, (client) => client.set('left', 'behind'));
  const { coordinator } = await worker.hears('joined');
  process.kill(coordinator.pid, 'SIGKILL');
  await worker.hears('lost');

  await using project = new Project(config(server.url));
  const next = await project.join('worker');
  expect(await failureOf(next)).toMatchObject({ message: expect.stringContaining('0 by this run, 1 by others') });
  await ask(server.url, async (client) => {
    const left = await client.pttl('greenroom:index:1');
    expect(left, 'milliseconds until it expires').toBeGreaterThan(0);
    expect(left).toBeLessThanOrEqual(30_000);
    await client.pexpire('greenroom:index:1', 1);
  });
  await eventually(() => noMarks(server), 'the mark to expire');
  expect((await sliceOf(next)).url).toBe(url);
  expect(await ask(url, (client) => client.dbsize())).toBe(0);
});

test('a mark is renewed while it is held, and set again after a FLUSHALL', async () => {
  await using server = await redisServer();
  await using project = new Project(config(server.url));
  await sliceOf(await project.join('worker'));
  const before = await server.marks();
  await ask(server.url, (client) => client.flushall());
  await eventually(async () => ((await noMarks(server)) ? undefined : true), 'the mark to be set again');
  expect(await server.marks()).toEqual(before);
});

test('a database that is another’s by now is lost to its holder, who leaves it alone and gets another', async () => {
  await using server = await redisServer();
  await using project = new Project(config(server.url));
  const worker = await project.join('worker');
  const { database } = await sliceOf(worker);
  await ask(`${server.url}/${database}`, (client) => client.set('theirs', 1));
  await ask(server.url, (client) => client.set(`greenroom:index:${database}`, 'another'));
  await eventually(
    () => project.generations()[0]?.events.find(({ kind }) => kind === 'slice.dropped'),
    'the loss to be noticed',
  );
  expect((await sliceOf(worker)).database).not.toBe(database);
  expect((await server.marks())[database]).toBe('another');
  expect(await ask(`${server.url}/${database}`, (client) => client.get('theirs'))).toBe('1');
});

test('who is still at a database when it is given back is sent away', async () => {
  await using server = await redisServer();
  await using project = new Project(config(server.url));
  const worker = await project.join('worker');
  const { url } = await sliceOf(worker);
  await ask(url, async (client) => {
    await client.ping();
    const closed = new Promise((resolve) => client.once('end', resolve));
    worker.kill();
    await closed;
  });
});
