import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, onTestFinished, test } from 'vitest';
import { REPOSITORY } from '../../support/copy.ts';
import { engineEnv, hasPodman } from '../../support/engine.ts';

/** A store of podman's own for one test: `clean` is for all images of Greenroom, and other tests have some. */
function ownStore(): { readonly dir: string; readonly env: Readonly<Record<string, string>> } {
  const dir = mkdtempSync(join(tmpdir(), 'greenroom-test-store-'));
  const conf = join(dir, 'storage.conf');
  writeFileSync(
    conf,
    `[storage]\ndriver = "vfs"\ngraphroot = "${join(dir, 'graph')}"\nrunroot = "${join(dir, 'run')}"\n`,
  );
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return { dir, env: { ...engineEnv(), CONTAINERS_STORAGE_CONF: conf } };
}

test.skipIf(!hasPodman())('greenroom cache lists images of Greenroom, and removes those that nobody uses', async () => {
  const { dir, env } = ownStore();
  const podman = (...words: string[]) => execa('podman', words, { env });
  const run = async (more: Readonly<Record<string, string>>, ...words: string[]) => {
    const main = join(REPOSITORY, 'dist/src/cli/main.js');
    const own = { ...env, XDG_CACHE_HOME: join(dir, 'cache'), GREENROOM_RUNTIME_DIR: join(dir, 'runtime'), ...more };
    const { stdout, stderr } = await execa(process.execPath, [main, 'cache', ...words], { env: own });
    return { stdout, stderr };
  };
  const greenroom = async (...words: string[]): Promise<string> => (await run({}, ...words)).stdout;
  mkdirSync(join(dir, 'context'));
  writeFileSync(join(dir, 'context', 'file'), 'contents');
  mkdirSync(join(dir, 'runtime', 'k1'), { recursive: true, mode: 0o700 });
  chmodSync(join(dir, 'runtime'), 0o700);
  const nameOf = (name: string, key: string): string => `localhost/greenroom/${name}:0123456789abcdef-${key}-1-a1b2c3`;
  const [unknown, used, unused] = [nameOf('api', 'k2'), nameOf('api', 'k1'), nameOf('web', 'k1')];
  const names = [used, unknown, unused];
  for (const name of [...names, 'localhost/other:1']) {
    writeFileSync(join(dir, 'context', 'Containerfile'), `FROM scratch\nCOPY file /\nLABEL of="${name}"\n`);
    await podman('build', '--quiet', '--tag', name, join(dir, 'context'));
  }
  await podman('create', '--name', 'user', used, '/none');

  const listed = JSON.parse(await greenroom('list', '--json')) as readonly { readonly what: string }[];
  expect(listed.map(({ what }) => what).toSorted()).toEqual(names);
  expect(listed[0]).toEqual({
    kind: 'image',
    key: expect.stringMatching(/^k[12]$/),
    what: expect.any(String),
    bytes: expect.any(Number),
    usedAt: expect.any(Number),
  });
  expect(await greenroom('list')).toMatch(/^image {2}k\d {2}0\.0 MB {2}built \d+\.\ds ago {2}localhost\/greenroom\//);

  const why = 'in use, or built this week for runs that are not known here';
  expect(await run({}, 'clean')).toEqual({ stdout: 'removed 1 image', stderr: `2 images not removed: ${why}` });
  const left = (await podman('images', '--format', '{{.Repository}}:{{.Tag}}')).stdout.split('\n');
  expect(left.toSorted()).toEqual([used, unknown, 'localhost/other:1']);
  await podman('rm', 'user');
  writeFileSync(join(dir, 'podman'), '#!/bin/sh\necho broken >&2\nexit 125\n', { mode: 0o755 });
  expect(await run({ PATH: dir }, 'list')).toEqual({
    stdout: 'nothing is kept',
    stderr: 'images are left out: podman images --no-trunc: broken',
  });
  expect(await run({}, 'clean')).toEqual({ stdout: 'removed 1 image', stderr: `1 image not removed: ${why}` });
});
