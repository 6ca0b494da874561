import { chmodSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ImageEndpoint, ImageOptions } from '../../../src/resources/image/index.ts';
import { image } from '../../../src/resources/image/index.ts';
import { imagesOf, type Images } from '../../support/image-contexts.ts';
import { processesWith } from '../../support/leftovers.ts';
import { startResource, type Given, type Started } from '../../support/resources.ts';
import { engineEnv, hasPodman, podman } from '../../support/engine.ts';

let images: Images;
let generation = 0;

beforeAll(async () => {
  images = await imagesOf();
});

afterAll(async () => {
  await images.remove();
  expect(await images.names()).toEqual([]);
  expect(await images.leftContainers()).toEqual([]);
});

/** Each start is a generation of its own. */
function start(options: ImageOptions, given: Given = {}): Promise<Started<ImageEndpoint>> {
  generation += 1;
  return startResource(image(options), { env: engineEnv(), key: images.key, generation, name: 'api', ...given });
}

/** What an image prints when it is run. */
const printed = (id: string, ...command: readonly string[]): Promise<string> =>
  podman('run', '--rm', '--ulimit', 'host', '--pull=never', id, ...command);

test.skipIf(!hasPodman())('is built once for what it is made from, and under a name of its own each time', async () => {
  const context = images.context({
    Containerfile: `FROM ${images.base}\nCOPY source /source\nRUN echo made >/made\n`,
    source: 'v1',
  });
  const first = await start({ context });
  expect(first.failure).toBeUndefined();
  expect(first.builds).toMatchObject([{ how: 'cold', steps: 2, cached: 0 }]);

  utimesSync(join(context, 'source'), 0, 0);
  const second = await start({ context });
  expect(second.builds).toMatchObject([{ how: 'unchanged', digest: first.endpoint?.digest }]);
  expect(second.endpoint?.id).toBe(first.endpoint?.id);
  expect(second.endpoint?.name).not.toBe(first.endpoint?.name);
  await second.stop();
  // The name that the generation before gave is gone; the image is not.
  expect(await images.names()).not.toContain(first.endpoint?.name);

  writeFileSync(join(context, 'source'), 'v2');
  const third = await start({ context });
  expect(third.builds).toMatchObject([{ how: 'cold' }]);
  expect(await printed(third.endpoint!.id, '/bin/busybox', 'cat', '/source')).toBe('v2');
  await third.stop();
  // Nothing stands on the first one any more, and no container uses it.
  await expect(podman('image', 'inspect', first.endpoint!.id)).rejects.toThrow(/inspect/);

  const fourth = await start({ context, noCache: true });
  expect(fourth.builds).toMatchObject([{ how: 'cold', digest: third.endpoint?.digest }]);
  expect(fourth.endpoint?.id).not.toBe(third.endpoint?.id);
});

test.skipIf(!hasPodman())(
  'a permission, a link, an argument and a stage make another image; what is ignored does not',
  async () => {
    const context = images.context({
      Containerfile: `FROM ${images.base} AS early\nARG WHO=a\nRUN echo $WHO >/who\nFROM early\nCOPY . /all\n`,
      '.containerignore': '*.log\nnode_modules\n!keep.log\n',
      'run.sh': '',
      'noise.log': '',
      'keep.log': '',
      'sub/node_modules': 'not at the top',
    });
    mkdirSync(join(context, 'node_modules'));
    writeFileSync(join(context, 'node_modules', 'a'), '');
    const digest = async (options: Partial<ImageOptions> = {}): Promise<string | undefined> =>
      (await start({ context, ...options })).endpoint?.digest;

    const plain = await start({ context });
    const inside = await printed(plain.endpoint!.id, '/bin/busybox', 'find', '/all', '-type', 'f');
    // The engine and we agree on what is ignored.
    expect(
      inside
        .split('\n')
        .map((path) => path.slice(5))
        .toSorted(),
    ).toEqual(['.containerignore', 'Containerfile', 'keep.log', 'run.sh', 'sub/node_modules']);
    writeFileSync(join(context, 'noise.log'), 'more');
    writeFileSync(join(context, 'node_modules', 'a'), 'more');
    expect(await digest()).toBe(plain.endpoint?.digest);

    chmodSync(join(context, 'run.sh'), 0o755);
    const executable = await digest();
    const digests = [
      plain.endpoint?.digest,
      executable,
      await digest({ args: { WHO: 'b' } }),
      await digest({ target: 'early' }),
    ];
    expect(new Set(digests).size).toBe(4);
  },
);

test.skipIf(!hasPodman())('stands on another image of the config, and is another one when that is', async () => {
  const base = images.context({ Containerfile: `FROM ${images.base}\nCOPY level /level\n`, level: 'one' });
  const context = images.context({ Containerfile: 'FROM ground\nRUN cat /level >/copy\n' });
  const both = async (): Promise<Started<ImageEndpoint>> => {
    const ground = await start({ context: base }, { name: 'ground' });
    return start({ context }, { needs: { ground: ground.endpoint! }, key: images.key });
  };
  const first = await both();
  expect(await printed(first.endpoint!.id, '/bin/busybox', 'cat', '/copy')).toBe('one');
  writeFileSync(join(base, 'level'), 'two');
  const second = await both();
  expect(await printed(second.endpoint!.id, '/bin/busybox', 'cat', '/copy')).toBe('two');

  const { failure } = await start({ context }, { needs: { other: second.endpoint! } });
  expect(failure).toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringContaining('bases.other') });
});

test.skipIf(!hasPodman())(
  'another version of an external input builds what comes after its ARG, or all of it',
  async () => {
    const told = images.context({
      Containerfile: `FROM ${images.base}\nRUN echo before >/before\nARG API\nRUN echo $API >/api\n`,
    });
    await start({ context: told, externalInputs: { API: '1' } });
    const second = await start({ context: told, externalInputs: { API: () => Promise.resolve('2') } });
    expect(second.builds).toMatchObject([{ how: 'warm', cached: 1 }]);
    expect(await printed(second.endpoint!.id, '/bin/busybox', 'cat', '/api')).toBe('2');

    const untold = images.context({ Containerfile: `FROM ${images.base}\nRUN echo fetched >/fetched\n` });
    const before = await start({ context: untold, externalInputs: { site: '1' } });
    const after = await start({ context: untold, externalInputs: { site: '2' } });
    expect([...before.builds, ...after.builds]).toMatchObject([{ how: 'cold' }, { how: 'cold' }]);
  },
);

test.skipIf(!hasPodman())('a build that fails is named, with the end of its log', async () => {
  const context = images.context({ Containerfile: `FROM ${images.base}\nRUN echo the reason >&2; exit 7\n` });
  const { failure } = await start({ context }, { name: 'broken' });
  expect(failure).toMatchObject({
    code: 'IMAGE_BUILD_FAILED',
    subject: 'broken',
    message: expect.stringContaining('the image broken could not be built'),
    log: expect.arrayContaining(['the reason']),
  });
  expect(await images.leftContainers()).toEqual([]);
});

test.skipIf(!hasPodman())('a build that is called off in a step leaves no process and no container', async () => {
  const context = images.context({ Containerfile: `FROM ${images.base}\nRUN echo here; exec sleep 4321\n` });
  // On a busy machine, the step begins late.
  const { failure } = await start({ context, startTimeout: 12_000 }, { name: 'slow' });
  expect(failure).toMatchObject({ code: 'RESOURCE_START_TIMEOUT', log: expect.arrayContaining(['here']) });
  expect(processesWith('sleep 4321')).toEqual([]);
  expect(await images.leftContainers()).toEqual([]);
});
