import { expect, test } from 'vitest';
import { redis } from '../../../src/resources/redis/index.ts';
import { ask } from '../../support/redis.ts';
import { startResource } from '../../support/resources.ts';
import { freePort } from '../../support/servers.ts';

test('starts a server of its own, which saves nothing', async () => {
  const { endpoint, failure, stop } = await startResource(redis());
  expect(failure).toBeUndefined();
  expect(endpoint).toEqual({
    host: '127.0.0.1',
    port: expect.any(Number),
    url: `redis://127.0.0.1:${endpoint?.port}`,
    database: 0,
    epoch: 1,
  });
  const settings = await ask(endpoint!.url, (client) => client.config('GET', 'save', 'appendonly', 'bind'));
  expect(settings).toEqual(expect.arrayContaining(['save', '', 'appendonly', 'no', 'bind', '127.0.0.1']));
  await stop();
  await expect(ask(endpoint!.url, (client) => client.ping())).rejects.toThrow('Connection is closed');
});

test('is lost when the server is killed', async () => {
  const { pids, lost } = await startResource(redis());
  process.kill(pids[0]!, 'SIGKILL');
  expect(await lost).toMatchObject({ code: 'RESOURCE_LOST' });
});

test('a server that was there before is adopted, not stopped', async () => {
  const server = await startResource(redis(), { name: 'server' });
  const url = `redis://localhost:${server.endpoint?.port}/3`;
  const { endpoint, stop } = await startResource(redis({ url }));
  expect(endpoint).toMatchObject({ host: '127.0.0.1', url: url.replace('localhost', '127.0.0.1'), database: 3 });
  await stop();
  expect(await ask(server.endpoint!.url, (client) => client.ping())).toBe('PONG');
});

test('a server that does not answer is not adopted', async () => {
  const port = await freePort();
  const { failure } = await startResource(redis({ url: `redis://127.0.0.1:${port}`, startTimeout: 1_000 }));
  expect(failure).toMatchObject({
    code: 'ADOPT_FAILED',
    message: expect.stringContaining(`redis 127.0.0.1:${port}: connect ECONNREFUSED`),
  });
});
