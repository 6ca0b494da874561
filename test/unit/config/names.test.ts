import { expect, expectTypeOf, test, type TestContext } from 'vitest';
import { NAME_PATTERN, reservedBecause, type TEST_CONTEXT_KEYS } from '../../../src/config/names.ts';

test.each(['db', 'mockLlm', 'my-db', 'my_db2', 'A', 'x'.repeat(64)])('%s can be a name', (name) => {
  expect(name).toMatch(NAME_PATTERN);
  expect(reservedBecause(name)).toBeUndefined();
});

test.each(['', '2db', '-db', '_db', 'my db', 'a.b', 'a/b', '../a', '__proto__', 'größe', 'x'.repeat(65), 'db\n'])(
  '%j cannot',
  (name) => {
    expect(name).not.toMatch(NAME_PATTERN);
  },
);

test.each(['task', 'expect', 'constructor', 'toString', 'hasOwnProperty'])('%s is reserved', (name) => {
  expect(name).toMatch(NAME_PATTERN);
  expect(reservedBecause(name)).toContain(name);
});

test("the keys of Vitest's test context are all reserved", (context) => {
  for (const key of Object.keys(context)) expect(reservedBecause(key)).toBeDefined();
  expectTypeOf<(typeof TEST_CONTEXT_KEYS)[number]>().toEqualTypeOf<keyof TestContext>();
});
