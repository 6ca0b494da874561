import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isAbandoned, temporaryName } from '../../../../src/resources/cache/names.ts';
import { Store } from '../../../../src/resources/cache/store.ts';

let base = '';
let dir = '';

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'gr-cache-'));
  dir = join(base, 'cache');
});
afterEach(() => rmSync(base, { recursive: true }));

const key = (letter: string): string => letter.repeat(32);
const text = (path: string, contents: string): void => writeFileSync(path, contents);

async function keep(store: Store, name: string, contents: string, usedAt?: number): Promise<void> {
  const draft = store.draft(name);
  text(draft.file, contents);
  await draft.commit({ what: contents, secret: '', bytes: contents.length });
  if (usedAt !== undefined) utimesSync(join(dir, name), usedAt, usedAt);
}

test('an entry is there when it is complete, and not before', async () => {
  const store = new Store(dir);
  const draft = store.draft(key('a'));
  text(draft.file, '');
  expect(store.find(key('a'))).toBeUndefined();
  expect(store.list()).toEqual([]);
  await draft.commit({ what: 'it', secret: 's', bytes: 0 });
  expect(store.find(key('a'))).toMatchObject({ what: 'it', secret: 's', file: join(dir, key('a'), 'data.tar') });
});

test('of two that make the same one, the first stays, and the other leaves nothing', async () => {
  const store = new Store(dir);
  await keep(store, key('a'), 'first');
  await keep(store, key('a'), 'second');
  expect(store.find(key('a'))?.what).toBe('first');
  expect(readdirSync(dir)).toEqual([key('a')]);
});

test('what was not used for longest goes first, and what is spared stays', async () => {
  const store = new Store(dir);
  await keep(store, key('a'), '1234', 100);
  await keep(store, key('b'), '1234', 300);
  await keep(store, key('c'), '1234', 200);
  store.shrink(8);
  expect(store.list().map((entry) => entry.key)).toEqual([key('b'), key('c')]);
  expect(store.find(key('c'))).toBeDefined();
  store.shrink(4, key('b'));
  expect(store.list().map((entry) => entry.key)).toEqual([key('c'), key('b')]);
  store.clear();
  expect(readdirSync(dir)).toEqual([]);
});

test('what a dead process left half-way is removed by the next that opens the store; of a living one it stays', () => {
  mkdirSync(dir, { mode: 0o700 });
  const names = join(import.meta.dirname, '../../../../src/resources/cache/names.ts');
  const code = `console.log((await import(${JSON.stringify(names)})).temporaryName())`;
  const dead = spawnSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' }).stdout.trim();
  const own = temporaryName();
  const elsewhere = own.replace(/^tmp-\w+-/, 'tmp-00000000-');
  for (const name of [dead, own, elsewhere, 'something else']) mkdirSync(join(dir, name));
  expect(new Store(dir).list()).toEqual([]);
  expect(readdirSync(dir).toSorted()).toEqual([own, elsewhere, 'something else'].toSorted());
  expect(isAbandoned(elsewhere, 25 * 3_600_000)).toBe(true);
});

test('a directory that others may enter is refused', () => {
  mkdirSync(dir, { mode: 0o755 });
  expect(() => new Store(dir)).toThrow(`${dir} is not safe: others may enter it (mode 755)`);
});
