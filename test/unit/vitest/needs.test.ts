import { expect, test } from 'vitest';
import type { GatePlan, Plan, ResourcePlan } from '../../../src/protocol/plan.ts';
import { checked, contentsOf, eagerSet, patienceFor } from '../../../src/vitest/needs.ts';

const resource = (...needs: readonly string[]): ResourcePlan => ({
  kind: 'command',
  type: 'service',
  needs: Object.fromEntries(needs.map((name) => [name, name])),
  options: {},
  startTimeout: 1_000,
  stopTimeout: 1_000,
});
const gate = (...needs: readonly string[]): GatePlan => ({ needs: resource(...needs).needs, timeout: 5_000 });

/** api needs db; catalog is a gate over llm. */
const PLAN = {
  resources: { db: resource(), llm: resource(), api: resource('db') },
  gates: { catalog: gate('llm'), ready: gate('api') },
} as unknown as Plan;
const WITH_SUITE: Plan = { ...PLAN, resources: { ...PLAN.resources, suite: resource('db') } };
const ALL = ['db', 'llm', 'api'];

test.each([
  ['no files', [], []],
  ['a file without a docblock', [undefined], ALL],
  ['a docblock that says nothing of needs', [{ gates: ['catalog'] }], ALL],
  ['two files', [{ needs: ['db'] }, { needs: ['llm'] }], ['db', 'llm']],
  ['a file that needs nothing', [{ needs: [] }], []],
  ['one that needs nothing beside one that does', [{ needs: [] }, { needs: ['api'] }], ['api']],
  ['gates over what is not among the needs', [{ needs: ['db'], gates: ['catalog'] }], ['db', 'llm']],
  ['a docblock with a mistake', [{ failure: { code: 'UNKNOWN_RESOURCE', message: '' } as const }], []],
])('what is started for %s', (_, docblocks, expected) => {
  expect(eagerSet(PLAN, docblocks)).toEqual(expected);
});

test('the suite is started for any file, whatever it needs', () => {
  expect(eagerSet(WITH_SUITE, [{ needs: [] }])).toEqual(['suite']);
  expect(eagerSet(WITH_SUITE, [undefined])).toEqual([...ALL, 'suite']);
  expect(eagerSet(WITH_SUITE, [])).toEqual([]);
});

test.each([
  [
    'resource',
    { needs: ['db', 'lml'] },
    'UNKNOWN_RESOURCE',
    'a.test.ts: there is no resource `lml`; did you mean `llm`?',
  ],
  [
    'gate',
    { gates: ['catalogue'] },
    'UNKNOWN_GATE',
    'a.test.ts: there is no gate `catalogue`; did you mean `catalog`?',
  ],
  ['resource that is a gate', { needs: ['catalog'] }, 'UNKNOWN_RESOURCE', 'a.test.ts: there is no resource `catalog`'],
  ['suite, which is no resource of the user', { needs: ['suite'] }, 'UNKNOWN_RESOURCE', 'there is no resource `suite`'],
])('an unknown %s is a mistake in the file', (_, docblock, code, message) => {
  const { failure } = checked(docblock, WITH_SUITE, 'a.test.ts');
  expect(failure).toMatchObject({ code, message: expect.stringContaining(message) });
});

test('known names are as they were', () => {
  const docblock = { needs: ['api'], gates: ['ready'] };
  expect(checked(docblock, PLAN, 'a.test.ts')).toBe(docblock);
});

test('workers are told what is behind each name, without the suite', () => {
  expect(contentsOf(WITH_SUITE)).toEqual({
    resources: { db: ['db'], llm: ['llm'], api: ['db', 'api'] },
    gates: { catalog: ['llm'], ready: ['db', 'api'] },
    slices: {},
    resets: [],
  });
});

test('a worker is patient beyond all starts and the longest gate', () => {
  expect(patienceFor(PLAN)).toBeGreaterThan(3 * 1_000 + 5_000);
});
