import { expect, test } from 'vitest';
import { howToCopy } from '../../../../src/resources/postgres/clone.ts';
import { buildingName, identifier, literal, templateName } from '../../../../src/resources/postgres/names.ts';
import { connectionsFor } from '../../../../src/resources/postgres/settings.ts';

const MB = 2 ** 20;

test('files are copied where no fsync makes that dear, and by reference where they are large', () => {
  const strategy = ' strategy file_copy';
  expect(howToCopy(140_000, false, MB)).toEqual({ byReference: false, strategy: '' });
  expect(howToCopy(150_018, false, 500 * MB)).toEqual({ byReference: false, strategy });
  expect(howToCopy(150_018, true, MB)).toEqual({ byReference: false, strategy: '' });
  expect(howToCopy(180_004, false, 99 * MB)).toEqual({ byReference: false, strategy });
  expect(howToCopy(180_004, false, 100 * MB)).toEqual({ byReference: true, strategy });
});

test('names are quoted, and fit', () => {
  const key = 'f'.repeat(32);
  for (const name of [templateName(key), buildingName(key, 'f'.repeat(16))]) {
    expect(identifier(name)).toBe(`"${name}"`);
  }
  expect(identifier('a"b')).toBe('"a""b"');
  expect(literal(`a'b`)).toBe(`'a''b'`);
  expect(() => identifier('ü'.repeat(32))).toThrow('64 bytes');
});

test('connections grow with the workers, and with the lanes on which their databases are made', () => {
  const all = (lanes: number): readonly number[] =>
    [undefined, 1, 24, 25, 100].map((workers) => connectionsFor(workers, lanes));
  expect(all(2)).toEqual([300, 300, 300, 310, 1210]);
  expect(all(8)).toEqual([300, 300, 308, 320, 1220]);
});
