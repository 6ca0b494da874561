import { expect, test } from 'vitest';
import { differences } from '../../../../src/resources/service-config/compare.ts';

test('keys are found by their path, nested or dotted on either side, and compared as text', () => {
  const has = { database: { url: 'postgres://a', 'pool.size': 10 }, 'llm.url': 'http://b', debug: false, hosts: ['x'] };
  expect(
    differences(
      { 'database.url': 'postgres://a', database: { pool: { size: '10' } }, llm: { url: 'http://b' }, debug: 'false' },
      has,
    ),
  ).toEqual([]);
  expect(differences({ hosts: ['x'] }, has)).toEqual([]);
});

test('each key with another value is told, and one that is not there', () => {
  const has = { database: { url: 'postgres://b' }, debug: true, list: [1] };
  expect(differences({ 'database.url': 'postgres://a', debug: true, list: [2], 'llm.url': 'http://c' }, has)).toEqual([
    { key: 'database.url', wants: 'postgres://a', has: 'postgres://b' },
    { key: 'list', wants: '[2]', has: '[1]' },
    { key: 'llm.url', wants: 'http://c', has: undefined },
  ]);
  expect(differences({ a: 'b' }, 'no object')).toEqual([{ key: 'a', wants: 'b', has: undefined }]);
});
