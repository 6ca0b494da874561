import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findConfig } from '../../../src/config/find.ts';
import { directoryWith } from './directory.ts';

test('takes the nearest config, upwards', () => {
  const root = directoryWith({ 'greenroom.config.ts': '', 'a/greenroom.config.mjs': '', 'a/b/c/x': '', 'd/x': '' });
  expect(findConfig(join(root, 'a/b/c'))).toEqual({
    file: join(root, 'a/greenroom.config.mjs'),
    root: join(root, 'a'),
  });
  expect(findConfig(join(root, 'd'))).toEqual({ file: join(root, 'greenroom.config.ts'), root });
});

test.each(['ts', 'mts', 'mjs', 'js'])('knows greenroom.config.%s', (extension) => {
  const root = directoryWith({ [`greenroom.config.${extension}`]: '', 'greenroom.config.cjs': '' });
  expect(findConfig(root).file).toBe(join(root, `greenroom.config.${extension}`));
});

test('takes the source, not what was compiled from it', () => {
  const root = directoryWith({ 'greenroom.config.js': '', 'greenroom.config.ts': '' });
  expect(findConfig(root).file).toBe(join(root, 'greenroom.config.ts'));
});

test('a directory of that name is none', () => {
  const root = directoryWith({ 'greenroom.config.ts': '', 'a/greenroom.config.ts/x': '' });
  expect(findConfig(join(root, 'a')).root).toBe(root);
});

test('a file named explicitly wins, and needs no special name', () => {
  const root = directoryWith({ 'greenroom.config.ts': '', 'a/other.ts': '' });
  expect(findConfig(root, 'a/other.ts')).toEqual({ file: join(root, 'a/other.ts'), root: join(root, 'a') });
});

test('the root is the real directory, whichever way led there', () => {
  const root = directoryWith({ 'real/greenroom.config.ts': '' });
  symlinkSync(join(root, 'real'), join(root, 'link'));
  expect(findConfig(join(root, 'link')).root).toBe(join(root, 'real'));
});

describe('CONFIG_NOT_FOUND', () => {
  test('none up to the root of the file system', () => {
    const root = directoryWith({ 'a/x': '' });
    expect(() => findConfig(join(root, 'a'))).toThrow(expect.objectContaining({ code: 'CONFIG_NOT_FOUND' }));
  });

  test.each(['missing.ts', '.'])('%s is no file', (path) => {
    const root = directoryWith({ 'greenroom.config.ts': '' });
    expect(() => findConfig(root, path)).toThrow(expect.objectContaining({ code: 'CONFIG_NOT_FOUND' }));
  });
});
