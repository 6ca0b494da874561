import { expect, test } from 'vitest';
import { uniqueName, whyUnusable } from '../../../src/vitest/spec/unique-name.ts';

const caller = { key: '0123456789abcdef', generation: 12, nonce: 'fedcba9876543210', slot: 3, lease: 'L41' };

test('a name says whose it is, call by call', () => {
  expect(uniqueName(caller, 7, 'bucket')).toBe('gr-0123456789abcdef-12-fedcba98-3-41-7-bucket');
  expect(uniqueName(caller, 8, 'bucket')).not.toBe(uniqueName(caller, 7, 'bucket'));
});

test('it fits what takes 63 characters, and says so when it does not', () => {
  const longest = uniqueName({ ...caller, generation: 9_999, slot: 999, lease: 'L9999' }, 99_999, 'x'.repeat(14));
  expect(longest).toHaveLength(63);
  expect(() =>
    uniqueName({ ...caller, generation: 99_999, slot: 999, lease: 'L9999' }, 99_999, 'x'.repeat(14)),
  ).toThrow('longer than 63');
});

test.each(['bucket', 'b', 'order-events', '2024', 'x'.repeat(14)])('%s can be part of a name', (word) => {
  expect(whyUnusable(word)).toBeUndefined();
});

test.each(['', 'Bucket', 'my bucket', 'a_b', '-a', 'a-', 'a--b', 'ä', 'a\n', 'x'.repeat(15)])(
  '%j cannot be part of a name',
  (word) => {
    expect(whyUnusable(word)).toMatch(/^it (is not made of|has more than)/);
  },
);
