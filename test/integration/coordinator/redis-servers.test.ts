import { basename } from 'node:path';
import { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import { connectWorker } from '../../../src/client/worker.ts';
import { readLedger, type LedgerEntry } from '../../../src/coordinator/ledger.ts';
import { isRunning } from '../../support/leftovers.ts';
import { eventually, Project, type Member } from '../../support/project.ts';
import { ask } from '../../support/redis.ts';

const config = (workers: number, more = ''): string => `
const cache = redis({ slice: 'worker'${more} });
const drafts = redis({ slice: 'file' });
export default defineConfig({ resources: { cache, drafts }, workers: ${workers}, linger: 0 });
`;

const ONE = { resources: ['cache'], gates: [] };

const workersOf = async (project: Project, count: number): Promise<readonly Member[]> => {
  const runner = await project.join();
  const { file } = await runner.hears('joined');
  const workers = Array.from({ length: count }, () => project.spawn('worker', { GREENROOM_FILE: file }));
  await Promise.all(workers.map((worker) => worker.hears('joined')));
  return workers;
};

/** What the ledger of the project's only generation lists, until that is stopped. */
const ledger = (project: Project): readonly LedgerEntry[] =>
  project
    .runtimeFiles()
    .filter((file) => basename(file).startsWith('ledger-'))
    .flatMap(readLedger);

/** Processes of servers with such labels that still run. */
const servers = (project: Project, labels = /^(cache|drafts)/): readonly number[] =>
  ledger(project).flatMap((entry) =>
    entry.type === 'process' && labels.test(entry.label) && isRunning(entry.pid) ? [entry.pid] : [],
  );

const pidOf = (url: string): Promise<number> =>
  ask(url, async (client) => Number(/^process_id:(\d+)/m.exec(await client.info('server'))?.[1]));

/** Whether nobody listens there any more. */
const gone = (url: string): Promise<true | undefined> =>
  ask(url, (client) => client.ping()).then(
    () => undefined,
    () => true as const,
  );

test('12 workers have 12 servers; FLUSHALL, pub/sub, scripts and settings of one are not seen in the others', async () => {
  await using project = new Project(config(12));
  const { file } = await (await project.join()).hears('joined');
  // Twelve leases are twelve workers to the coordinator; they need no processes of their own.
  const workers = await Promise.all(Array.from({ length: 12 }, () => connectWorker(file, { run: 'test' })));
  const replies: any[] = await Promise.all(workers.map((worker) => worker.wait(ONE)));
  const urls = replies.map(({ endpoints }) => endpoints.cache.url as string);
  expect(new Set(urls).size).toBe(12);
  for (const { endpoints, env } of replies) {
    const { host, port, url } = endpoints.cache;
    expect([url, env.GREENROOM_CACHE_URL, env.GREENROOM_CACHE_PORT]).toEqual([
      `redis://${host}:${port}`,
      url,
      String(port),
    ]);
  }
  const pids = await Promise.all(urls.map(pidOf));
  expect(new Set(pids).size).toBe(12);

  const [first = '', ...others] = urls;
  await Promise.all(urls.map((url) => ask(url, (client) => client.set('kept', url))));
  const heard: string[] = [];
  const listeners = others.map((url) => new Redis(url));
  try {
    await Promise.all(listeners.map((listener) => listener.subscribe('news')));
    for (const listener of listeners) listener.on('message', (_, message) => heard.push(message));
    await ask(first, async (client) => {
      await client.flushall();
      expect(await client.publish('news', 'flushed')).toBe(0);
      await client.config('SET', 'maxmemory', '1mb');
      await client.script('LOAD', 'return 1');
    });
    expect(await Promise.all(others.map((url) => ask(url, (client) => client.get('kept'))))).toEqual(others);
    const settings = await Promise.all(others.map((url) => ask(url, (client) => client.config('GET', 'maxmemory'))));
    expect(new Set(settings.flat())).toEqual(new Set(['maxmemory', '0']));
    expect(heard).toEqual([]);
  } finally {
    for (const listener of listeners) listener.disconnect();
  }
  for (const worker of workers) worker.close();
  for (const member of project.members) member.kill();
  await project.nothingLeft(urls.map((url) => Number(new URL(url).port)));
});

test('nothing is started for slices before the first is asked for, then spares are', async () => {
  await using project = new Project(config(4));
  const [worker] = await workersOf(project, 1);
  const runner = project.members[0]!;
  await runner.ready(ONE);
  expect(servers(project), 'the whole').toHaveLength(1);
  await worker!.ready(ONE);
  // The whole, four for the workers of the config, two more.
  await eventually(() => (servers(project).length === 1 + 4 + 2 ? true : undefined), 'spares to be started');
  const intents = ledger(project).filter((entry) => entry.type === 'intent' && entry.label.startsWith('cache'));
  expect(intents).toHaveLength(7);
});

test('a killed worker’s server dies with it, and who comes next gets another that is empty', async () => {
  await using project = new Project(config(1));
  const [worker] = await workersOf(project, 1);
  const { endpoints } = await worker!.ready(ONE);
  const { url } = endpoints.cache;
  await ask(url, (client) => client.set('left', 'behind'));
  worker!.kill('SIGKILL');
  await eventually(() => gone(url), 'the killed worker’s server to go');
  const { file } = await project.members[0]!.hears('joined');
  const next = project.spawn('worker', { GREENROOM_FILE: file });
  const second = (await next.ready(ONE)).endpoints.cache.url;
  expect(second).not.toBe(url);
  expect(await ask(second, (client) => client.dbsize())).toBe(0);
});

test('the server of a file goes with it; the next one knows nothing of what it dumped', async () => {
  await using project = new Project(config(1));
  const worker = await project.join('worker');
  const urls: string[] = [];
  for (let file = 0; file < 5; file += 1) {
    const { endpoints } = await worker.ready({ resources: ['drafts'], gates: [], unit: 'file' });
    const { url } = endpoints.drafts;
    urls.push(url);
    await ask(url, async (client) => {
      expect(await client.dbsize()).toBe(0);
      await client.set('draft', file);
      await client.save();
    });
    worker.order('release');
  }
  expect(new Set(urls).size, 'none is handed out twice').toBe(5);
  for (const url of urls) await eventually(() => gone(url), 'the server of a file to go');
});

test('a slice’s server that is killed is lost to its holder alone, whose next wait gets another', async () => {
  await using project = new Project(config(2));
  const [one, other] = await workersOf(project, 2);
  const first = (await one!.ready(ONE)).endpoints.cache.url;
  const kept = (await other!.ready(ONE)).endpoints.cache.url;
  process.kill(await pidOf(first), 'SIGKILL');
  const lost = await eventually(
    () => project.generations()[0]?.events.find(({ kind }) => kind === 'slice.lost'),
    'the loss to be noticed',
  );
  expect(lost).toMatchObject({
    failure: { code: 'RESOURCE_LOST', message: expect.stringContaining('was ended by SIGKILL while in use') },
  });
  const next = (await one!.ready(ONE)).endpoints.cache.url;
  expect(next).not.toBe(first);
  expect(await ask(next, (client) => client.ping())).toBe('PONG');
  expect((await other!.ready(ONE)).endpoints.cache.url, 'the other worker’s stays').toBe(kept);
  expect(project.generations()[0]?.events.filter(({ kind }) => kind === 'failed')).toEqual([]);
});

test('a spare that dies is not handed out', async () => {
  await using project = new Project(config(1));
  const [one, other] = await workersOf(project, 2);
  await one!.ready(ONE);
  const spares = await eventually(() => {
    const pids = servers(project, /^cache-[23]$/);
    return pids.length === 2 ? pids : undefined;
  }, 'two spares');
  for (const pid of spares) process.kill(pid, 'SIGKILL');
  await eventually(() => (servers(project, /^cache-[23]$/).length === 0 ? true : undefined), 'them to end');
  const { url } = (await other!.ready(ONE)).endpoints.cache;
  expect(await ask(url, (client) => client.ping())).toBe('PONG');
});

test('a coordinator that is killed leaves no server', async () => {
  await using project = new Project(config(3));
  const workers = await workersOf(project, 3);
  const replies = await Promise.all(workers.map((worker) => worker.ready(ONE)));
  const { coordinator } = await workers[0]!.hears('joined');
  process.kill(coordinator.pid, 'SIGKILL');
  for (const { endpoints } of replies) await eventually(() => gone(endpoints.cache.url), 'a slice’s server to go');
  await eventually(() => (servers(project).length === 0 ? true : undefined), 'spares and the whole to go');
});
