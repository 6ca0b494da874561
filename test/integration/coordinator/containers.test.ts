import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { hasPodman, leftInPodman, linesOf, podman } from '../../support/engine.ts';
import { serviceImage } from '../../support/images.ts';
import { eventually, Project } from '../../support/project.ts';
import { ask } from '../../support/redis.ts';
import { listening } from '../../support/servers.ts';

let image: string;

/** A project whose config has `IMAGE`, the service of `fixtures/containers`, and its port and probe as `SERVICE`. */
const projectOf = (config: string): Project =>
  new Project(`const SERVICE = { image: ${JSON.stringify(image)}, port: 8080, ready: http('/health') };\n${config}`);

const text = async (url: string): Promise<string> => (await fetch(url)).text();

/** What a container's server got when it asked a url. */
const askedBy = (service: string, url: string): Promise<string> =>
  text(`${service}/ask?url=${encodeURIComponent(url)}`);

const environmentOf = async (service: string): Promise<Record<string, string>> =>
  JSON.parse(await text(`${service}/env`)) as Record<string, string>;

/** Ids of containers with the project's key, in any state. */
async function idsOf(project: Project): Promise<readonly string[]> {
  const [key = ''] = project.keys;
  return linesOf(await podman('ps', '--all', '--quiet', '--no-trunc', '--filter', `label=greenroom.key=${key}`));
}

describe.skipIf(!hasPodman())('on podman', () => {
  beforeAll(async () => {
    image = await serviceImage();
  });

  test('what a container is told of containers and of servers of the host is right for it, and is started once', async () => {
    await using project = projectOf(`
      const cache = redis();
      const legacy = command({ run: ['node', 'service.mjs'], ready: http('/health') });
      const myApi = container(SERVICE);
      const user = container({
        ...SERVICE,
        user: 'nobody',
        needs: { myApi, cache, legacy },
        env: ({ myApi, cache, legacy }) => ({
          API: myApi.url, LEGACY: legacy.url, CACHE_HOST: cache.host, CACHE_PORT: String(cache.port),
        }),
      });
      export default defineConfig({ resources: { cache, legacy, myApi, user }, linger: 0 });`);
    const members = await Promise.all([1, 2, 3].map(() => project.join()));
    const [first, ...others] = await Promise.all(members.map((member) => member.ready()));
    const { myApi, user, cache, legacy } = first.endpoints;
    for (const other of others) expect(other.endpoints).toEqual(first.endpoints);
    // Two containers and their network.
    expect(await leftInPodman(project.keys)).toHaveLength(3);
    expect([myApi.host, user.host]).toEqual(['127.0.0.1', '127.0.0.1']);
    expect(await text(`${myApi.url}/health`)).toBe('ok');

    const told = await environmentOf(user.url);
    expect(told['API']).toBe('http://my-api:8080');
    expect(await askedBy(user.url, `${told['API']}/health`)).toBe('200');
    expect(told['LEGACY']).toMatch(/^http:\/\/legacy:\d+$/);
    expect(await askedBy(user.url, told['LEGACY']!)).toBe('200');
    expect(told['CACHE_HOST']).toBe('cache');
    const connect = `${user.url}/connect?host=${told['CACHE_HOST']}&port=${told['CACHE_PORT']}`;
    expect(await text(connect)).toBe('connected');
    expect(JSON.parse(await text(`${user.url}/user`))).toEqual({ uid: 65534, gid: 65534 });

    for (const member of members) member.order('leave');
    await project.nothingLeft([myApi.port, user.port, cache.port, legacy.port]);
  });

  test('killed while in use, it is made anew on its port, and those who need it find it', async () => {
    await using project = projectOf(`
      const api = container(SERVICE);
      const user = container({ ...SERVICE, needs: { api }, env: ({ api }) => ({ API: api.url }) });
      export default defineConfig({ resources: { api, user }, linger: 0 });`);
    const member = await project.join('worker');
    const { endpoints } = await member.ready();
    const { epoch, ...before } = endpoints.api;
    const incarnation = await text(`${before.url}/incarnation`);

    await fetch(`${before.url}/exit`).catch(() => undefined);
    expect(await member.health('api')).toBe(1);
    const after = (await member.ready()).endpoints;

    expect(after.api).toEqual({ ...before, epoch: epoch + 1 });
    expect(await text(`${before.url}/incarnation`)).not.toBe(incarnation);
    const { API } = await environmentOf(after.user.url);
    expect(await askedBy(after.user.url, `${API}/health`)).toBe('200');
    const [incident] = await member.incidents(['api']);
    expect(incident).toMatchObject({ noticed: 'lost', failure: { exit: { code: 1 } }, restarts: 1 });
    member.kill();
    await project.nothingLeft([before.port]);
  });

  test('made anew when its port has been taken, it is told on another one', async () => {
    await using project = projectOf(`
      const api = container({ ...SERVICE, restart: { max: 2, backoff: 30_000 } });
      export default defineConfig({ resources: { api }, linger: 0 });`);
    const member = await project.join('worker');
    const { api } = (await member.ready()).endpoints;
    const crash = (): Promise<unknown> => fetch(`${api.url}/exit`).catch(() => undefined);
    await crash();
    await member.health('api');
    await crash();
    // The second restart waits, and somebody else is faster.
    const taking = (): Promise<true | undefined> =>
      listening(createServer(), '127.0.0.1', Number(api.port)).then(
        () => true,
        () => undefined,
      );
    await eventually(taking, 'its port to be free');
    const noticed = async (): Promise<true | undefined> =>
      (await member.incidents(['api'])).length === 2 ? true : undefined;
    await eventually(noticed, 'the second loss to be noticed');
    member.order('chaos', undefined, { resource: 'api', act: 'heal' });
    await member.health('api', 'healed', 2);

    const { api: after } = (await member.ready()).endpoints;
    expect(after.epoch).toBe(api.epoch + 2);
    expect(after.port).not.toBe(api.port);
    expect(await text(`${after.url}/health`)).toBe('ok');
    member.kill();
    await project.nothingLeft([after.port]);
  });

  test('each worker has a container of its own, on its own slices, which goes with it', async () => {
    await using project = projectOf(`
      const cache = redis({ slice: 'worker' });
      const legacy = command({ run: ['node', 'service.mjs'], ready: http('/health'), scope: 'worker' });
      const api = container({
        ...SERVICE,
        scope: 'worker',
        needs: { cache, legacy },
        env: ({ cache, legacy }) => ({ CACHE_HOST: cache.host, CACHE_PORT: String(cache.port), LEGACY: legacy.url }),
      });
      export default defineConfig({ resources: { cache, legacy, api }, linger: 0 });`);
    const workers = await Promise.all([1, 2].map(() => project.join('worker')));
    const own = await Promise.all(workers.map(async (worker) => (await worker.ready()).endpoints));
    const urls = own.map(({ api }) => api.url as string);
    const told = await Promise.all(urls.map(environmentOf));
    const connections = (): Promise<readonly number[]> =>
      Promise.all(
        own.map(async ({ cache }) =>
          Number(/total_connections_received:(\d+)/.exec(await ask(cache.url, (client) => client.info('stats')))?.[1]),
        ),
      );
    for (const [at, { CACHE_HOST, CACHE_PORT, LEGACY }] of told.entries()) {
      expect(await askedBy(urls[at]!, LEGACY!)).toBe('200');
      const before = await connections();
      expect(await text(`${urls[at]}/connect?host=${CACHE_HOST}&port=${CACHE_PORT}`)).toBe('connected');
      const more = (await connections()).map((count, index) => count - before[index]! - 1);
      expect(more, 'its own cache, besides our own look').toEqual(at === 0 ? [1, 0] : [0, 1]);
    }
    const incarnations = await Promise.all(urls.map((url) => text(`${url}/incarnation`)));
    expect(new Set(incarnations).size).toBe(2);

    workers[0]!.kill();
    await eventually(async () => (await idsOf(project)).length === 1 || undefined, 'the first container to go');
    expect(await text(`${urls[1]}/incarnation`)).toBe(incarnations[1]);
    workers[1]!.kill();
    await project.nothingLeft();
  });

  test('volumes: files of the host, memory, and a cache that stays', async () => {
    const cache = `test-${randomBytes(4).toString('hex')}`;
    await using project = projectOf(`
      const api = container({
        ...SERVICE,
        volumes: {
          '/bound': { bind: 'data', readOnly: true }, '/memory': { tmpfs: '1m' }, '/kept': { cache: '${cache}' },
        },
      });
      export default defineConfig({ resources: { api }, linger: 0 });`);
    mkdirSync(join(project.dir, 'data'));
    writeFileSync(join(project.dir, 'data/note'), 'from the host');
    const once = async (act: (url: string) => Promise<void>): Promise<void> => {
      const member = await project.join();
      await act((await member.ready()).endpoints.api.url as string);
      member.order('leave');
      await project.nothingLeft();
    };
    await once(async (url) => {
      expect(await text(`${url}/read?file=/bound/note`)).toBe('from the host');
      expect(await text(`${url}/write?file=/bound/note&text=x`)).toContain('EROFS');
      expect(await text(`${url}/write?file=/memory/note&text=x`)).toBe('written');
      expect(await text(`${url}/write?file=/kept/note&text=kept`)).toBe('written');
    });
    await once(async (url) => {
      expect(await text(`${url}/read?file=/kept/note`)).toBe('kept');
      expect(await text(`${url}/read?file=/memory/note`)).toContain('ENOENT');
    });
    const kept = linesOf(await podman('volume', 'ls', '--quiet', '--filter', `name=${cache}`));
    expect(kept).toHaveLength(1);
    await podman('volume', 'rm', ...kept);
  });
});
