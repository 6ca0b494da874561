import { expect, test } from 'vitest';
import { judge } from '../../../src/attribution/verdicts.ts';
import type { RunFacts } from '../../../src/attribution/facts.ts';
import type { Failure } from '../../../src/protocol/failure.ts';
import { brokenFile, file, infra, run } from './make.ts';

const LOST: Failure = { code: 'COORDINATOR_LOST', message: 'the coordinator (pid 7) is gone' };
const FAILED = { said: 'fail', error: { message: 'expected 2 to be 3' } } as const;
const NEVER = { said: 'none', began: false } as const;

const verdicts = (facts: RunFacts) =>
  judge(facts, 1).map(({ meta: { verdict, code, evidence } }) => [verdict, code, evidence[0]?.text]);

test('a failure that nobody has said anything about is the test’s own', () => {
  expect(verdicts(run([file([FAILED])]))).toEqual([['LOGIC', undefined, undefined]]);
});

test('what a worker has said of a failure stands', () => {
  const meta = infra('COORDINATOR_LOST', 'the coordinator is gone');
  expect(verdicts(run([file([{ ...FAILED, meta }])]))).toEqual([
    ['INFRA', 'COORDINATOR_LOST', 'the coordinator is gone [COORDINATOR_LOST]'],
  ]);
});

test('specs below a suite that failed are blocked by it', () => {
  const suite = { id: 'cart', name: 'cart', error: { message: 'no cart\nat all' } };
  const below = { ...NEVER, said: 'skip', within: ['cart', 'a.test.ts'] } as const;
  expect(verdicts(run([file([below, {}], { broken: [suite] })]))).toEqual([
    ['LOGIC', undefined, undefined],
    ['NEVER_RAN', undefined, 'blocked by cart: no cart'],
  ]);
});

test('specs of a file whose infrastructure failed have its code', () => {
  const meta = infra('GATE_TIMEOUT', 'gate cache did not open');
  const blocked = ['NEVER_RAN', 'GATE_TIMEOUT', 'blocked by its file: no gate'];
  expect(verdicts(run([brokenFile('a.test.ts', 2, { error: { message: 'no gate' }, meta })]))).toEqual([
    ['INFRA', 'GATE_TIMEOUT', 'gate cache did not open [GATE_TIMEOUT]'],
    blocked,
    blocked,
  ]);
});

test.each<[string, Partial<RunFacts>, readonly unknown[]]>([
  [
    'a run that was ended says why',
    { ended: 'bail after 1 failed' },
    ['NEVER_RAN', undefined, 'the run was over before it: bail after 1 failed'],
  ],
  [
    'a run that had no infrastructure',
    { failure: { code: 'RESOURCE_EXITED', message: 'api exited' }, ended: 'it was cancelled' },
    ['NEVER_RAN', 'RESOURCE_EXITED', 'blocked by api exited'],
  ],
  [
    'the second loss of the coordinator',
    { losses: [LOST, LOST], ended: 'it was cancelled' },
    ['NEVER_RAN', 'COORDINATOR_LOST', 'blocked by the coordinator (pid 7) is gone'],
  ],
  [
    'the first loss is no reason, since the run went on',
    { losses: [LOST], ended: 'it was cancelled' },
    ['NEVER_RAN', undefined, 'the run was over before it: it was cancelled'],
  ],
  [
    'nothing else but the end of its worker',
    {},
    ['NEVER_RAN', undefined, 'the worker that had its file ended before it'],
  ],
])('why a spec never ran: %s', (_, more, expected) => {
  expect(verdicts(run([file([NEVER])], more))).toEqual([expected]);
});
