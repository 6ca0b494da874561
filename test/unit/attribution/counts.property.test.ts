import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countsOf } from '../../../src/attribution/classes.ts';
import type { SpecFacts } from '../../../src/attribution/facts.ts';
import { judge } from '../../../src/attribution/verdicts.ts';
import { file, run } from './make.ts';

/** What can become of a spec, and what a runner then has of it. */
const LIVES = {
  passed: [{ said: 'pass', began: true }],
  failed: [{ said: 'fail', began: true, error: { message: 'expected 2 to be 3' } }],
  skipped: [
    { declaredSkip: true, said: 'none', began: false },
    { declaredSkip: true, said: 'skip', began: false, aborted: true },
    { said: 'skip', began: true },
  ],
  interrupted: [
    { said: 'skip', began: true, aborted: true },
    { said: 'run', began: true },
  ],
  neverRan: [
    { said: 'none', began: false },
    { said: 'skip', began: false },
    { said: 'skip', began: false, aborted: true },
  ],
} as const satisfies Record<string, readonly Partial<SpecFacts>[]>;

type Fate = keyof typeof LIVES;
const FATES = Object.keys(LIVES) as Fate[];

const life = fc
  .constantFrom(...FATES)
  .chain((fate) => fc.constantFrom<Partial<SpecFacts>>(...LIVES[fate]).map((facts) => ({ fate, facts })));
const suite = fc.array(fc.record({ lives: fc.array(life), estimated: fc.boolean() }), { maxLength: 6 });

const filesOf = (all: readonly { lives: readonly { facts: Partial<SpecFacts> }[]; estimated: boolean }[]) =>
  all.map(({ lives, estimated }, index) =>
    file(
      lives.map(({ facts }) => facts),
      { path: `${index}.test.ts`, estimated },
    ),
  );

test('each spec that was collected is counted in the class of its fate, and in no other', () => {
  fc.assert(
    fc.property(suite, (all) => {
      const { collected, estimatedFiles, ...classes } = countsOf(filesOf(all));
      const fates = all.flatMap(({ lives }) => lives.map(({ fate }) => fate));
      expect(classes).toEqual(
        Object.fromEntries(FATES.map((fate) => [fate, fates.filter((one) => one === fate).length])),
      );
      expect(collected).toBe(Object.values(classes).reduce((sum, n) => sum + n, 0));
      expect(estimatedFiles).toBe(all.filter(({ estimated }) => estimated).length);
    }),
  );
});

test('whatever a runner says, the classes add up to what was collected', () => {
  const any = fc.record({
    declaredSkip: fc.boolean(),
    said: fc.constantFrom('pass', 'fail', 'skip', 'run', 'none'),
    began: fc.boolean(),
    aborted: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(any), (specs) => {
      const { collected, passed, failed, skipped, interrupted, neverRan } = countsOf([file(specs)]);
      expect(collected).toBe(specs.length);
      expect(passed + failed + skipped + interrupted + neverRan).toBe(collected);
    }),
  );
});

test('exactly the specs that failed or never ran have a verdict', () => {
  fc.assert(
    fc.property(suite, (all) => {
      const files = filesOf(all);
      const { failed, neverRan } = countsOf(files);
      expect(judge(run(files), 1)).toHaveLength(failed + neverRan);
    }),
  );
});
