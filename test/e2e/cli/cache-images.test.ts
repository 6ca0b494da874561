import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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
  const names = ['api', 'web'].map((name) => `localhost/greenroom/${name}:0123456789abcdef-k1-1-a1b2c3`);
  for (const name of [...names, 'localhost/other:1']) {
    writeFileSync(join(dir, 'context', 'Containerfile'), `FROM scratch\nCOPY file /\nLABEL of="${name}"\n`);
    await podman('build', '--quiet', '--tag', name, join(dir, 'context'));
  }
  const [used = '', unused = ''] = names;
  await podman('create', '--name', 'user', used, '/none');

  const listed = JSON.parse(await greenroom('list', '--json')) as readonly { readonly what: string }[];
  expect(listed.map(({ what }) => what).toSorted()).toEqual(names);
  expect(listed[0]).toEqual({
    kind: 'image',
    key: 'k1',
    what: expect.any(String),
    bytes: expect.any(Number),
    usedAt: expect.any(Number),
  });
  expect(await greenroom('list')).toMatch(/^image {2}k1 {2}0\.0 MB {2}built \d+\.\ds ago {2}localhost\/greenroom\//);

  expect(await greenroom('clean')).toBe('removed 1 image');
  const left = (await podman('images', '--format', '{{.Repository}}:{{.Tag}}')).stdout.split('\n');
  expect(left.toSorted()).toEqual([used, 'localhost/other:1']);
  expect(left).not.toContain(unused);
  await podman('rm', 'user');
  writeFileSync(join(dir, 'podman'), '#!/bin/sh\necho broken >&2\nexit 125\n', { mode: 0o755 });
  expect(await run({ PATH: dir }, 'list')).toEqual({
    stdout: 'nothing is kept',
    stderr: 'images are left out: podman images --no-trunc: broken',
  });
  expect(await greenroom('clean')).toBe('removed 1 image');
  expect(await greenroom('clean')).toBe('nothing is removed');
});
