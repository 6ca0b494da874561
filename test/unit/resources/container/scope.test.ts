import { expect, test } from 'vitest';
import { loopbackUses } from '../../../../src/resources/container/scope.ts';

test('an address in one text, and one in two variables', () => {
  const told = { DATABASE_URL: 'postgres://127.0.0.1:5432/x', PGHOST: 'localhost', PGPORT: '6', apiHost: '127.0.0.1' };
  expect(loopbackUses(told)).toEqual([
    ['DATABASE_URL', 5432],
    ['PGHOST with PGPORT', 6],
  ]);
});

test('a host that is another machine’s, and a port without its host', () => {
  expect(loopbackUses({ PGHOST: 'db', PGPORT: '6', OTHER_PORT: '7' })).toEqual([]);
});
