/** Gateways of resources, as a coordinator starts them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { gateway } from '../../../src/gateway/index.ts';
import { eventually, Project } from '../../support/project.ts';
import { ask } from '../../support/redis.ts';

const CONFIG = `
const api = command({ run: ['node', 'service.mjs'], ready: http('/'), gateway: {} });
const own = command({ run: ['node', 'service.mjs'], ready: http('/'), scope: 'worker', gateway: {} });
const front = command({ run: ['node', 'service.mjs'], needs: { api }, env: ({ api }) => ({ API: api.url }) });
const cache = redis({ gateway: {} });
const apart = redis({ slice: 'worker', gateway: {} });
export default defineConfig({ resources: { api, own, front, cache, apart }, workers: 2, linger: 0 });
`;

test('each worker has a port of its own; what all share needs the whole; nothing is left', async () => {
  await using project = new Project(CONFIG);
  const [one, two] = await Promise.all([project.join('worker'), project.join('worker')]);
  const [{ endpoints: first }, { endpoints: second }] = await Promise.all([one.ready(), two.ready()]);

  // One server behind all ports of `api`, one for each worker behind those of `own`.
  const pid = async (url: string): Promise<number> => ((await (await fetch(url)).json()) as { pid: number }).pid;
  expect(first.api.port).not.toBe(second.api.port);
  expect(await pid(first.api.url)).toBe(await pid(second.api.url));
  expect(await pid(first.own.url)).not.toBe(await pid(second.own.url));
  expect(first.front).toEqual(second.front);

  // The same server of Redis, and one for each.
  for (const { cache, apart } of [first, second]) {
    await ask(cache.url, (client) => client.incr('count'));
    await ask(apart.url, (client) => client.incr('count'));
  }
  expect(await ask(first.cache.url, (client) => client.get('count'))).toBe('2');
  expect(await ask(first.apart.url, (client) => client.get('count'))).toBe('1');

  // Each slot's own exchanges and faults.
  const [edge, other] = [gateway(first.api), gateway(second.api)];
  await edge.fault({ kind: 'status', status: 418, times: 1 });
  expect([(await fetch(second.api.url)).status, (await fetch(first.api.url)).status]).toEqual([200, 418]);
  expect((await edge.exchanges()).map(({ slot, status }) => [slot, status])).toEqual([
    [first.api.gatewaySlot, 200],
    [first.api.gatewaySlot, 418],
  ]);
  expect((await other.exchanges()).map(({ status }) => status)).toEqual([200, 200]);
  expect((await gateway(first.own).exchanges()).map(({ resource, slot }) => [resource, slot])).toEqual([
    ['own', first.own.gatewaySlot],
  ]);
  await edge.fault({ kind: 'status', status: 418 });
  await edge.clear();
  expect((await fetch(first.api.url)).status).toBe(200);

  // What cannot be done is refused by name.
  await expect(gateway(first.cache).fault({ kind: 'status', status: 500 })).rejects.toMatchObject({
    code: 'GATEWAY_REFUSED',
    message: expect.stringContaining('a raw connection can have no `status`') as string,
  });
  await expect(edge.fault({ kind: 'delay', ms: -1 })).rejects.toMatchObject({ code: 'GATEWAY_REFUSED' });
  expect(() => gateway(first.front)).toThrow(expect.objectContaining({ code: 'NO_GATEWAY' }));

  // A raw connection of one slot's.
  await gateway(first.cache).fault({ kind: 'refuse' });
  await expect(ask(first.cache.url, (client) => client.ping())).rejects.toThrow(/connection/i);
  expect(await ask(second.cache.url, (client) => client.ping())).toBe('PONG');

  const name = project.generations()[0]?.name ?? '';
  const file = join(project.dir, '.greenroom/generations', name, 'api.traffic.ndjson');
  const records = await eventually(() => {
    const lines = readFileSync(file, 'utf8').trim().split('\n');
    return lines.length >= 5 ? lines : undefined;
  }, 'the records');
  expect(records.map((line) => JSON.parse(line) as object)).toContainEqual(
    expect.objectContaining({ resource: 'api', status: 418, fault: 'status' }),
  );
  one.kill();
  two.kill();
  await project.nothingLeft();
});

test('the end of a gateway is the loss of its resource, and says so', async () => {
  await using project = new Project(`
    const api = command({ run: ['node', 'service.mjs'], ready: http('/'), gateway: {} });
    export default defineConfig({ resources: { api }, linger: 0 });
  `);
  const member = await project.join('worker');
  const { endpoints } = await member.ready();
  const { stdout } = await promisify(execFile)('ps', ['-eo', 'pid,args']);
  // Not its watcher, a shell that knows the same words.
  const line = stdout.split('\n').find((text) => /^\s*\d+ \S*node /.test(text) && text.includes(endpoints.api.gateway));
  process.kill(Number(line?.trim().split(' ')[0]), 'SIGKILL');
  await eventually(() => {
    const lost = project.generations()[0]?.events.find(({ kind }) => kind === 'failed') as
      | { failure?: { message?: string; code?: string } }
      | undefined;
    return lost?.failure?.message?.startsWith('the gateway of api was ended by SIGKILL') === true ? true : undefined;
  }, 'the loss to be told');
  member.kill();
  await project.nothingLeft();
});
