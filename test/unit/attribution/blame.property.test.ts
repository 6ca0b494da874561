import fc from 'fast-check';
import { expect, test } from 'vitest';
import { blame, type Failed, type IncidentFacts } from '../../../src/attribution/blame.ts';
import type { Thrown } from '../../../src/attribution/thrown.ts';

/** Two of each: one that the spec says it needs, one that it does not. */
const RESOURCES = ['db', 'otherDb', 'api', 'otherApi'] as const;
const USES = new Set(['db', 'api']);
type Resource = (typeof RESOURCES)[number];

const PORTS = { db: 1, otherDb: 2, api: 3, otherApi: 4, nobody: 9 };
const text = (of: keyof typeof PORTS): string => `127.0.0.1:${PORTS[of]}`;

/** Where an incident lies beside the spec, which runs from 10 to 20 s in a worker that joined at 5 s, and asks at 30 s. */
const TIMES = {
  longBefore: { from: 1_000, until: 3_000, exact: true },
  before: { from: 6_000, until: 8_000, exact: true },
  inside: { from: 12_000, until: 15_000, exact: true },
  around: { from: 6_000, until: 40_000, exact: true },
  open: { from: 18_000, exact: true },
  rightAfter: { from: 20_100, exact: true },
  inCleanUp: { from: 25_000, exact: true },
  foundWhenAsked: { from: 25_000, exact: false },
  after: { from: 35_000, exact: false },
} as const;
type Time = keyof typeof TIMES;
const WHILE: readonly Time[] = ['inside', 'around', 'open', 'rightAfter', 'foundWhenAsked'];
/** A connection may have broken because of what was noticed a little later. */
const WHILE_BROKEN: readonly Time[] = [...WHILE, 'inCleanUp'];

const ERRORS = {
  assertion: () => thrown('assertion'),
  bug: () => thrown('other'),
  timeout: () => thrown('timeout'),
  reset: () => thrown('connection'),
  ofPostgres: () => ({ ...thrown('connection'), client: 'postgres' as const }),
  ...Object.fromEntries(
    (['db', 'otherDb', 'api', 'otherApi', 'nobody'] as const).map((of) => [
      `refusedBy:${of}`,
      () => ({ ...thrown('connection'), unreached: [{ host: '127.0.0.1', port: PORTS[of], text: 'refused' }] }),
    ]),
  ),
};

function thrown(kind: Thrown['kind']): Thrown {
  return { kind, unreached: [], text: kind };
}

interface Incident {
  readonly resource: Resource;
  readonly time: Time;
}

const incident = fc.record({ resource: fc.constantFrom(...RESOURCES), time: fc.constantFrom(...Object.keys(TIMES)) });
const incidents = fc.array(incident as fc.Arbitrary<Incident>, { maxLength: 4 });
const errors = fc.array(fc.constantFrom(...Object.keys(ERRORS)), { minLength: 1, maxLength: 3 });

function facts(all: readonly Incident[]): readonly IncidentFacts[] {
  return all.map(({ resource, time }, index) => {
    const client = resource.endsWith('pi') ? {} : { client: 'postgres' as const };
    const id = `I-${index + 1}`;
    return { id, resource, ...client, addresses: [text(resource)], text: resource, ...TIMES[time] };
  });
}

function failed(names: readonly string[]): Failed {
  const all = ERRORS as Record<string, () => Thrown>;
  return {
    began: 10_000,
    ended: 20_000,
    asked: 30_000,
    connected: 5_000,
    uses: USES,
    errors: names.flatMap((name) => all[name]?.() ?? []),
  };
}

/** Says in other words what one error may be put down to. */
function expected(name: string, all: readonly Incident[]): string {
  const has = (resources: readonly string[], times: readonly Time[]): boolean =>
    all.some(({ resource, time }) => resources.includes(resource) && times.includes(time));
  const [what = '', who] = name.split(':');
  if (what === 'refusedBy') {
    if (who === undefined || !has([who], WHILE_BROKEN)) return 'LOGIC';
    return USES.has(who) ? 'INFRA' : 'UNSURE';
  }
  const broken = what === 'reset' || what === 'ofPostgres';
  if (what === 'ofPostgres' && has(['db'], WHILE_BROKEN)) return 'INFRA';
  if (has(['db', 'api'], broken ? WHILE_BROKEN : WHILE)) return 'UNSURE';
  return broken && has(['db', 'api'], ['before']) ? 'UNSURE' : 'LOGIC';
}

test('each failure is put down to what an independent reading of the rules says', () => {
  fc.assert(
    fc.property(errors, incidents, (names, all) => {
      const single = names.map((name) => expected(name, all));
      const whole = ['LOGIC', 'UNSURE', 'INFRA'].find((verdict) => single.includes(verdict));
      expect(blame(failed(names), facts(all)).verdict).toBe(whole);
    }),
    { numRuns: 5_000 },
  );
});

test('what only the test can have caused is never put down to the infrastructure', () => {
  const own = fc.constantFrom('assertion', 'bug', 'timeout', 'refusedBy:nobody');
  fc.assert(
    fc.property(fc.array(own, { minLength: 1 }), incidents, errors, (names, all, more) => {
      expect(blame(failed([...more, ...names]), facts(all)).verdict).not.toBe('INFRA');
    }),
  );
});

test('incidents of what the spec neither needs nor speaks of change nothing', () => {
  const others = fc.array(
    fc.record({ resource: fc.constant('otherApi' as const), time: fc.constantFrom('open' as const) }),
  );
  const names = errors.filter((list) => !list.includes('refusedBy:otherApi'));
  fc.assert(
    fc.property(names, incidents, others, (list, all, more) => {
      expect(blame(failed(list), facts([...all, ...more]))).toEqual(blame(failed(list), facts(all)));
    }),
  );
});

test('whatever is not the test’s own names an incident, and says why', () => {
  fc.assert(
    fc.property(errors, incidents, (names, all) => {
      const { verdict, incident: id, reasons } = blame(failed(names), facts(all));
      expect(verdict === 'LOGIC').toBe(id === undefined);
      if (verdict !== 'LOGIC') expect(reasons).not.toEqual([]);
    }),
  );
});
