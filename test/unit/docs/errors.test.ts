import { readFileSync } from 'node:fs';

import { expect, test } from 'vitest';

import { CODES } from '../../../src/protocol/codes.ts';

const page = readFileSync(new URL('../../../docs/errors.md', import.meta.url), 'utf8');
const rows = page
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) => line.split('|').map((cell) => cell.trim()));

test('docs/errors.md lists every code in order, with its exit code and meaning', () => {
  const listed = rows.map(([, code, exit, meaning]) => [code, exit, meaning]);
  const known = Object.entries(CODES).map(([code, { exit, meaning }]) => [`\`${code}\``, String(exit), meaning]);
  expect(listed).toEqual(known);
});

test('docs/errors.md says for every code what to do', () => {
  const silent = rows.filter(([, , , , todo]) => !todo || !/[.!]$/.test(todo)).map(([, code]) => code);
  expect(silent).toEqual([]);
});
