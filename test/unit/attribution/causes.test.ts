import { expect, test } from 'vitest';
import { causesOf, faultsOf } from '../../../src/attribution/causes.ts';
import type { RunFacts } from '../../../src/attribution/facts.ts';
import { judge } from '../../../src/attribution/verdicts.ts';
import type { Failure } from '../../../src/protocol/failure.ts';
import { brokenFile, file, infra, run } from './make.ts';

const EXITED: Failure = {
  code: 'RESOURCE_EXITED',
  subject: 'api',
  message: 'api exited with code 3',
  hint: 'see its log',
};
const BLOCKED: Failure = { code: 'DEPENDENCY_FAILED', subject: 'web', message: 'web was not started', cause: EXITED };

const causes = (facts: RunFacts) =>
  causesOf(facts, judge(facts, 1)).map(({ code, message, hint, consequences }) => ({
    code,
    message,
    hint,
    specs: consequences.filter(({ spec }) => spec !== undefined).length,
  }));

const files = (...paths: readonly string[]) =>
  paths.map((path) =>
    brokenFile(path, 5, {
      error: {
        message: `blocked by infrastructure: web was not started [DEPENDENCY_FAILED]\nbecause api exited with code 3`,
      },
      meta: infra('DEPENDENCY_FAILED', 'web was not started'),
    }),
  );

test('a start that failed is one cause, however many files are blocked by it', () => {
  const facts = run(files('a.test.ts', 'b.test.ts', 'c.test.ts'), { failure: BLOCKED });
  expect(causes(facts)).toEqual([
    { code: 'RESOURCE_EXITED', message: 'api exited with code 3', hint: 'see its log', specs: 15 },
  ]);
});

test('a failure of the run is told even if no file has anything of it', () => {
  expect(causes(run([], { reported: [EXITED] }))).toMatchObject([{ code: 'RESOURCE_EXITED', specs: 0 }]);
});

test('the same failure that is told twice is one cause', () => {
  const again = { ...EXITED, message: 'api exited with code 3 (last probe: refused)' };
  expect(causes(run([], { failure: EXITED, reported: [again] }))).toHaveLength(1);
});

test('a coordinator that was lost once is a cause only for what came of it', () => {
  const lost: Failure = { code: 'COORDINATOR_LOST', message: 'the coordinator (pid 7) is gone' };
  const meta = infra(lost.code, lost.message);
  const hit = file([{ said: 'fail', error: { message: 'refused' }, meta }]);
  expect(causes(run([file([{}])], { losses: [lost] }))).toEqual([]);
  expect(causes(run([hit], { losses: [lost] }))).toMatchObject([{ message: lost.message, specs: 1 }]);
  expect(causes(run([file([{}])], { losses: [lost, lost] }))).toMatchObject([{ message: lost.message, specs: 0 }]);
});

test('a gate that only files know of is one cause for all of them, with the hint that they have', () => {
  const gated = (path: string) =>
    brokenFile(path, 2, {
      error: { message: 'gate cache did not open\nhint: raise its timeout', hint: 'raise its timeout' },
      meta: infra('GATE_TIMEOUT', 'gate cache did not open'),
    });
  expect(causes(run([gated('a.test.ts'), gated('b.test.ts')]))).toEqual([
    { code: 'GATE_TIMEOUT', message: 'gate cache did not open', hint: 'raise its timeout', specs: 4 },
  ]);
});

test('the same error in many specs is one fault, and what it blocks belongs to it', () => {
  const refused = { said: 'fail', error: { message: 'connect ECONNREFUSED 127.0.0.1:1' } } as const;
  const facts = run([file([refused, refused, {}]), brokenFile('b.test.ts', 3, { error: { message: 'no cart' } })]);
  const faults = faultsOf(judge(facts, 1), false);
  expect(faults.map(({ message, consequences }) => [message, consequences.length])).toEqual([
    ['connect ECONNREFUSED 127.0.0.1:1', 2],
    ['no cart', 4],
  ]);
  expect(causes(facts)).toEqual([]);
});

test('a spec that failed without an error is not forgotten', () => {
  expect(faultsOf(judge(run([file([{ said: 'fail' }])]), 1), false)).toMatchObject([
    { message: 'failed without an error' },
  ]);
});

test('what never ran because the run was over is nobody’s fault', () => {
  const facts = run([file([{ said: 'none', began: false }])], { ended: 'bail after 1 failed' });
  expect(faultsOf(judge(facts, 1), false)).toEqual([]);
});
