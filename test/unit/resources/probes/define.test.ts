import { expect, expectTypeOf, test } from 'vitest';
import {
  all,
  any,
  check,
  exec,
  http,
  log,
  redis,
  sql,
  tcp,
  type Probe,
} from '../../../../src/resources/probes/define.ts';
import { probeSchema } from '../../../../src/resources/schemas.ts';

const predicate = (body: { synced: boolean }): boolean => body.synced;

test('each builder gives plain data that the schema accepts', () => {
  const probes: readonly (readonly [Probe, object])[] = [
    [tcp(), { probe: 'tcp' }],
    [tcp('db', { port: 5432, interval: 10 }), { probe: 'tcp', of: 'db', port: 5432, interval: 10 }],
    [http('/health'), { probe: 'http', path: '/health' }],
    [http('/catalog', predicate), { probe: 'http', path: '/catalog', json: predicate }],
    [http('api', '/catalog'), { probe: 'http', of: 'api', path: '/catalog' }],
    [http('api', '/catalog', predicate), { probe: 'http', of: 'api', path: '/catalog', json: predicate }],
    [
      http('/health', { status: 204, header: ['x-build', '7'], timeout: 100, startPeriod: 50 }),
      { probe: 'http', path: '/health', status: 204, header: ['x-build', '7'], timeout: 100, startPeriod: 50 },
    ],
    [exec(['true'], { timeout: 5 }), { probe: 'exec', run: ['true'], timeout: 5 }],
    [log(/ready/), { probe: 'log', pattern: /ready/ }],
    [sql('select 1'), { probe: 'sql', query: 'select 1' }],
    [sql('db', 'select 1', { interval: 3 }), { probe: 'sql', of: 'db', query: 'select 1', interval: 3 }],
    [redis('cache'), { probe: 'redis', of: 'cache' }],
    [check(predicate), { probe: 'function', check: predicate }],
    [all(tcp(), log(/ready/)), { probe: 'all', of: [{ probe: 'tcp' }, { probe: 'log', pattern: /ready/ }] }],
    [any(tcp(), redis()), { probe: 'any', of: [{ probe: 'tcp' }, { probe: 'redis' }] }],
  ];
  for (const [probe, expected] of probes) {
    expect(probe).toEqual(expected);
    expect(probeSchema.safeParse(probe).error).toBeUndefined();
  }
});

test('the schema refuses what no builder gives', () => {
  const wrong = [
    { probe: 'http', path: 'health' },
    { probe: 'http', path: '/health', stauts: 204 },
    { probe: 'tcp', port: 70_000 },
    { probe: 'tcp', interval: -1 },
    { probe: 'exec', run: [] },
    { probe: 'log', pattern: 'ready' },
    { probe: 'function', check: 'ready' },
    { probe: 'all', of: [] },
    { probe: 'all', of: [{ probe: 'ping' }] },
  ];
  for (const probe of wrong) expect(probeSchema.safeParse(probe).success, JSON.stringify(probe)).toBe(false);
});

test('named groups are part of the type', () => {
  expectTypeOf(log<'port' | 'token'>(/x/)).toEqualTypeOf<Probe<'port' | 'token'>>();
  expectTypeOf(all(log<'port'>(/x/), log<'token'>(/x/), tcp())).toEqualTypeOf<Probe<'port' | 'token'>>();
  expectTypeOf(tcp()).toEqualTypeOf<Probe<never>>();
});
