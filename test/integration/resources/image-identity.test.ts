import { afterAll, beforeAll, expect, test } from 'vitest';
import { findImage } from '../../../src/containers/named-image.ts';
import { imageToRun, requireSameImage } from '../../../src/resources/image/identity.ts';
import { findEngine } from '../../../src/containers/engine.ts';
import { inspectContainer } from '../../../src/containers/inspect.ts';
import type { ResourceContext } from '../../../src/resources/driver.ts';
import type { Code } from '../../../src/protocol/codes.ts';
import { GreenroomError } from '../../../src/protocol/failure.ts';
import { image } from '../../../src/resources/image/index.ts';
import { imagesOf, type Images } from '../../support/image-contexts.ts';
import { startResource } from '../../support/resources.ts';
import { engineEnv, hasPodman, podman } from '../../support/engine.ts';

const env = { PATH: process.env['PATH'] ?? '', ...engineEnv() };
const engine = findEngine('subject', env);
let images: Images;

beforeAll(async () => {
  images = await imagesOf();
});

afterAll(async () => {
  await images.remove();
  expect(await images.names()).toEqual([]);
});

/** As much of a context as these ask of one. */
function contextWith(needs: ResourceContext['needs']): ResourceContext {
  return {
    name: 'api',
    needs,
    error: (code: Code, message: string, hint?: string) =>
      new GreenroomError({ code, message, ...(hint === undefined ? {} : { hint }) }),
  } as unknown as ResourceContext;
}

test.skipIf(!hasPodman())('what runs must be what was built', async () => {
  const versions = ['v1', 'v2'].map((version) =>
    images.context({ Containerfile: `FROM ${images.base}\nCOPY version /\n`, version }),
  );
  const [old, present] = await Promise.all(
    versions.map((context, index) =>
      startResource(image({ context }), { env: engineEnv(), key: images.key, name: `api${index}` }),
    ),
  );
  const ctx = contextWith({ built: present!.endpoint!, old: old!.endpoint! });
  const wanted = await imageToRun(ctx, engine, { need: 'built' });
  const run = ['run', '--detach', '--ulimit', 'host', '--pull=never', '--name', `gr-${images.key}`];
  await podman(...run, wanted.id, '/bin/busybox', 'sleep', '60');
  try {
    const running = await inspectContainer(engine, `gr-${images.key}`);
    await requireSameImage(ctx, engine, running!, wanted);
    await expect(requireSameImage(ctx, engine, running!, old!.endpoint!)).rejects.toMatchObject({
      code: 'INFRA_STALE_IMAGE',
      message: expect.stringContaining(wanted.id.slice(0, 12)),
    });
  } finally {
    await podman('rm', '--force', '--time', '0', `gr-${images.key}`);
  }
});

test.skipIf(!hasPodman())('a name means one image exactly, and a slip is told with what is near', async () => {
  // `localhost/gr-x/api:1` and the base; what the engine would take for them is none of them.
  const prefixed = `localhost/gr-${images.key}/api:1`;
  await podman('tag', images.base, prefixed);
  expect(await findImage(engine, 'api', prefixed)).toMatchObject({ name: prefixed });
  expect(await findImage(engine, 'api', `gr-${images.key}/api:1`)).toMatchObject({ name: prefixed });
  for (const name of [`localhost/gr-${images.key}x/api:1`, 'api:1', 'localhost/api:1']) {
    await expect(imageToRun(contextWith({}), engine, name)).rejects.toMatchObject({
      code: 'INFRA_IMAGE_NAME',
      message: expect.stringContaining(prefixed),
    });
  }
});
