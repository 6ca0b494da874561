import { expect, test } from 'vitest';
import { parseIgnore } from '../../../../src/containers/build/ignore.ts';

test.each([
  ['node_modules', 'node_modules/a/b.js', true],
  ['node_modules', 'sub/node_modules', false],
  ['**/node_modules', 'sub/node_modules/a', true],
  ['**/node_modules', 'node_modules', true],
  ['*.log', 'a.log', true],
  ['*.log', 'sub/a.log', false],
  ['**/*.log', 'a/b/c.log', true],
  ['/a/', 'a/b', true],
  ['./a/../b', 'b', true],
  ['a?c', 'abc', true],
  ['a?c', 'a/c', false],
  ['[ab]*', 'beta', true],
  ['[^ab]*', 'beta', false],
  ['a.c', 'abc', false],
  ['docs/**', 'docs/x/y', true],
  ['docs/**', 'docs', false],
  ['# docs', 'docs', false],
  ['*\n!keep', 'keep', false],
  ['*\n!keep', 'lose', true],
  ['*\n!keep\nkeep', 'keep', true],
  ['dir\n!dir/keep', 'dir/keep', false],
  ['dir\n!dir/keep', 'dir/lose', true],
  [String.raw`\!odd`, '!odd', true],
  ['', 'anything', false],
])('%j and %s: ignored %s', (rules, path, ignored) => {
  expect(parseIgnore(rules).ignores(path)).toBe(ignored);
});
