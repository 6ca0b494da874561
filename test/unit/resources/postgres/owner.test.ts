import { expect, test } from 'vitest';
import { lockIdOf, newOwner, ownerOf } from '../../../../src/resources/postgres/owner.ts';

const IDENTITY = { key: '0123456789abcdef', generation: 12_345, nonce: 'fedcba9876543210' };

test('names of an owner’s databases are parsed to the owner, and fit', () => {
  const owner = newOwner(IDENTITY);
  expect(owner).toMatch(/^gr_0123456789abcdef_12345_fedcba9876543210_[0-9a-f]{8}$/);
  for (const end of ['d1', 'd1000000', 'building', 'template']) {
    expect(ownerOf(`${owner}_${end}`)).toBe(owner);
    expect(Buffer.byteLength(`${owner}_${end}`)).toBeLessThanOrEqual(63);
  }
  expect(newOwner(IDENTITY)).not.toBe(owner);
});

test('what only looks like it is nobody’s', () => {
  const owner = newOwner(IDENTITY);
  const others = [owner, `${owner}_d`, `${owner}_d1x`, `${owner}_lock`, `x${owner}_d1`, `${owner.slice(0, -1)}_d1`];
  for (const name of [...others, `${owner}_d1\n`, 'gr_app', 'postgres', owner.toUpperCase() + '_D1']) {
    expect(ownerOf(name), name).toBeUndefined();
  }
});

test('each owner has a lock of its own, a number that PostgreSQL takes', () => {
  const ids = Array.from({ length: 1000 }, () => lockIdOf(newOwner(IDENTITY)));
  expect(new Set(ids).size).toBe(1000);
  expect(ids.some((id) => id.startsWith('-'))).toBe(true);
  for (const id of ids) expect(BigInt.asIntN(64, BigInt(id)).toString()).toBe(id);
});
