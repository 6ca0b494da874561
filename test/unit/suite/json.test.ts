import { expect, test } from 'vitest';
import { lostAsJson } from '../../../src/suite/json.ts';

const circle: { me?: unknown } = {};
circle.me = circle;
const shared = { port: 1 };

test.each([
  ['a function', { stop: () => 1 }, 'it.stop is a function'],
  ['a function alone', () => 1, 'it is a function'],
  ['a bigint', [1n], 'it.0 is a bigint'],
  ['a symbol', { a: { b: Symbol('c') } }, 'it.a.b is a symbol'],
  ['a map', { users: new Map() }, 'it.users is a Map'],
  ['a set', new Set(), 'it is a Set'],
  ['a promise', { token: Promise.resolve() }, 'it.token is a Promise'],
  ['no finite number', { ratio: Number.NaN }, 'it.ratio is NaN'],
  ['a circle', circle, 'it.me contains itself'],
])('JSON would lose %s', (_, value, said) => {
  expect(lostAsJson(value)).toBe(said);
});

test.each([
  ['nothing', undefined],
  ['null', null],
  ['what it has', { a: [1, 'b', true, null], c: {} }],
  ['one object twice', { a: shared, b: shared }],
  ['what says itself how it is written', { url: new URL('http://localhost'), at: new Date(0) }],
  ['a property without a value', { a: undefined }],
])('JSON keeps %s', (_, value) => {
  expect(lostAsJson(value)).toBeUndefined();
});
