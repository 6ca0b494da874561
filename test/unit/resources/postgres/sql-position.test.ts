import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lineAndColumn } from '../../../../src/resources/postgres/sql-position.ts';

test('a position is counted in characters, lines and columns from 1', () => {
  expect(lineAndColumn('abc', '1')).toEqual({ line: 1, column: 1 });
  expect(lineAndColumn('ab\ncd', '3')).toEqual({ line: 1, column: 3 });
  expect(lineAndColumn('ab\ncd', '4')).toEqual({ line: 2, column: 1 });
  expect(lineAndColumn('😀\n😀x', '4')).toEqual({ line: 2, column: 2 });
  expect(lineAndColumn('abc', undefined)).toBeUndefined();
  expect(lineAndColumn('abc', '0')).toBeUndefined();
});

test('the place found is that of the character', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('a', 'ü', '😀', '\n'), { minLength: 1 }), fc.nat(), (characters, n) => {
      const index = n % characters.length;
      const { line, column } = lineAndColumn(characters.join(''), String(index + 1))!;
      const lines = characters.join('').split('\n');
      const found = Array.from(`${lines[line - 1]}\n`)[column - 1];
      expect(found).toBe(characters[index]);
    }),
  );
});
