import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readContext } from '../../../../src/containers/build/context.ts';

function directory(): string {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'gr-context-')));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  mkdirSync(join(path, 'sub'), { mode: 0o755 });
  for (const [name, text] of [
    ['a', '1'],
    ['sub/b', '2'],
  ] as const) {
    writeFileSync(join(path, name), text, { mode: 0o644 });
  }
  return path;
}

const digest = async (path: string): Promise<string> => (await readContext(path)).digest;

test('does not depend on the place and on times', async () => {
  const [one, other] = [directory(), directory()];
  utimesSync(join(other, 'a'), 1, 1);
  expect(await digest(other)).toBe(await digest(one));
});

test('what Greenroom records changes nothing', async () => {
  const path = directory();
  const before = await digest(path);
  mkdirSync(join(path, '.greenroom'));
  writeFileSync(join(path, '.greenroom', 'events'), '1');
  expect(await digest(path)).toBe(before);
});

test.each<[string, (path: string) => void]>([
  ['contents', (path) => writeFileSync(join(path, 'a'), '2')],
  ['a permission', (path) => chmodSync(join(path, 'a'), 0o755)],
  ['a name', (path) => writeFileSync(join(path, 'c'), '')],
  ['an empty directory', (path) => mkdirSync(join(path, 'c'))],
  ['a link', (path) => symlinkSync('a', join(path, 'c'))],
])('%s counts', async (_, change) => {
  const path = directory();
  const before = await digest(path);
  change(path);
  expect(await digest(path)).not.toBe(before);
});

test('where a link points counts, and not what is there', async () => {
  const path = directory();
  symlinkSync('a', join(path, 'link'));
  const one = await digest(path);
  rmSync(join(path, 'link'));
  symlinkSync('sub/b', join(path, 'link'));
  expect(await digest(path)).not.toBe(one);
  symlinkSync('nowhere', join(path, 'dangling'));
  await expect(digest(path)).resolves.toMatch(/^[0-9a-f]{64}$/);
});

test('what is ignored does not count, but for what is kept in it', async () => {
  const path = directory();
  writeFileSync(join(path, '.dockerignore'), 'sub\n!sub/kept\n');
  const before = await digest(path);
  writeFileSync(join(path, 'sub', 'b'), 'changed');
  expect(await digest(path)).toBe(before);
  writeFileSync(join(path, 'sub', 'kept'), '');
  expect(await digest(path)).not.toBe(before);
  expect((await readContext(path)).ignoreFile).toBe(join(path, '.dockerignore'));
});
