import { expect, test } from 'vitest';
import { breakerOf, systemHealth } from '../../../src/health/breaker.ts';
import { counted, waitBefore } from '../../../src/health/policy.ts';

const PLAN = { max: 4, backoff: 100, timeout: 1_000 };
const MINUTE = 60_000;

test('the first restart comes at once, then twice as late each time, until the budget is used up', () => {
  const waits = [0, 1, 2, 3, 4].map((done) =>
    waitBefore(
      PLAN,
      Array.from({ length: done }, () => 1),
      2,
    ),
  );
  expect(waits).toEqual([0, 100, 200, 400, undefined]);
  expect(waitBefore({ ...PLAN, max: 0 }, [], 1)).toBeUndefined();
});

test('restarts of more than ten minutes ago do not count', () => {
  const times = [0, 5 * MINUTE, 9 * MINUTE];
  expect(counted(times, 10 * MINUTE - 1)).toEqual(times);
  expect(counted(times, 10 * MINUTE)).toEqual(times.slice(1));
  expect(waitBefore(PLAN, times, 19 * MINUTE)).toBe(0);
});

test('the breaker of a resource follows its state; what was never up has none', () => {
  expect(['ready', 'unhealthy', 'restarting', 'declared', 'failed'].map((state) => breakerOf({ state }))).toEqual([
    'closed',
    'open',
    'half-open',
    undefined,
    undefined,
  ]);
});

test('the whole is as well as the worst of its parts', () => {
  const of = (...states: readonly string[]): string =>
    systemHealth(Object.fromEntries(states.map((state, index) => [`r${index}`, { state }])));
  expect(of('ready', 'declared', 'starting')).toBe('healthy');
  expect(of('ready', 'unhealthy')).toBe('degraded');
  expect(of('restarting', 'ready')).toBe('degraded');
  expect(of('restarting', 'failed')).toBe('unhealthy');
});
