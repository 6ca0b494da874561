import { expect, test } from 'vitest';
import { begun, changed, current, endedBy, over, touching, withCheck } from '../../../src/health/incidents.ts';
import type { Incident } from '../../../src/protocol/incident.ts';

const failure = { code: 'RESOURCE_LOST', message: 'it is gone' } as const;
const begin = (resource: string, from: number, lease?: string) => ({
  resource,
  from,
  noticed: 'lost' as const,
  failure,
  endpoint: { host: '::1', port: 5432, url: 'postgres://u:p@127.0.0.1:5433/app' },
  ...(lease === undefined ? {} : { lease }),
});

const ids = (all: readonly Incident[]): readonly string[] => all.map(({ id }) => id);

test('one of the same is going on at a time; its addresses are those of the endpoint, without what is secret', () => {
  const one = begun([], 1, begin('db', 10));
  expect(begun(one, 2, begin('db', 11))).toBe(one);
  expect(one).toMatchObject([{ id: 'I-1', addresses: ['[::1]:5432', '127.0.0.1:5433'] }]);
  const own = begun(one, 2, begin('db', 11, 'L1'));
  expect(ids(own)).toEqual(['I-1', 'I-2']);
  const ended = changed(own, { resource: 'db' }, over(20));
  expect(current(ended, { resource: 'db' })).toBeUndefined();
  expect(current(ended, { resource: 'db', lease: 'L1' })?.id).toBe('I-2');
  expect(ids(begun(ended, 3, begin('db', 21)))).toEqual(['I-1', 'I-2', 'I-3']);
});

test('a question is answered with what overlaps it, of the resources and the lease it is about', () => {
  const all = [
    ...changed(begun([], 1, begin('db', 10)), { resource: 'db' }, over(20)),
    ...begun([], 2, begin('api', 15, 'L1')),
  ];
  const ask = (from: number, until: number, lease = 'L1', resources = ['db', 'api']): readonly string[] =>
    ids(touching(all, { resources, lease, from, until }));
  expect(ask(0, 9)).toEqual([]);
  expect(ask(0, 10)).toEqual(['I-1']);
  expect(ask(20, 30)).toEqual(['I-1', 'I-2']);
  expect(ask(21, 30)).toEqual(['I-2']);
  expect(ask(0, 30, 'L2')).toEqual(['I-1']);
  expect(ask(0, 30, 'L1', ['api'])).toEqual(['I-2']);
});

test('the end of its process says more than the check that noticed it; later ends are of later processes', () => {
  const check = { at: 10, what: 'check-error', answer: 'ECONNREFUSED' } as const;
  const [noticed] = begun([], 1, { ...begin('db', 10), noticed: 'check-error', check });
  const killed = { ...failure, exit: { code: null, signal: 'SIGKILL' } };
  expect(endedBy(killed)(noticed!)).toMatchObject({ noticed: 'lost', failure: killed });
  expect(endedBy(killed)({ ...noticed!, restarts: 1 })).toMatchObject({ noticed: 'check-error' });
  expect(endedBy(failure)(noticed!)).toBe(noticed);
});

test('of checks and of incidents only so many are kept: those that are over go first', () => {
  const check = { at: 1, what: 'reported', answer: 'no' } as const;
  let one = begun([], 1, begin('db', 1))[0]!;
  for (let n = 0; n < 30; n += 1) one = withCheck(check)(one);
  expect(one.checks).toHaveLength(20);
  let all = begun([], 1, begin('open', 1));
  for (let n = 2; n <= 250; n += 1) all = changed(begun(all, n, begin('db', n)), { resource: 'db' }, over(n));
  expect(all).toHaveLength(200);
  expect(ids(all).slice(0, 2)).toEqual(['I-1', 'I-52']);
});
