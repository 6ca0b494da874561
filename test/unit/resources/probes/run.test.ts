import { expect, test } from 'vitest';
import { GreenroomError } from '../../../../src/protocol/failure.ts';
import type { ProbePlan } from '../../../../src/protocol/plan.ts';
import { askOnce, untilPasses } from '../../../../src/resources/probes/run.ts';
import { pauseAfter } from '../../../../src/resources/probes/timing.ts';
import { answering, probeContext } from '../../../support/probes.ts';

const check = (name: string): ProbePlan => ({ probe: 'function', check: { $function: name } });

/** A check that is true from its n-th try on. */
function fromTry(n: number): () => boolean {
  let tries = 0;
  return () => (tries += 1) >= n;
}

test('the pause follows the time waited, within bounds, unless it is fixed', () => {
  expect([0, 400, 1_000, 10_000, 60_000].map((waited) => pauseAfter(waited, {}))).toEqual([5, 5, 10, 100, 250]);
  expect(pauseAfter(60_000, { interval: 7 })).toBe(7);
});

test('asks until it passes, and tells each refusal', async () => {
  const answers: string[] = [];
  const context = probeContext({ ...answering({ a: fromTry(3) }), onAnswer: (answer) => void answers.push(answer) });
  expect(await untilPasses(check('a'), context)).toEqual({});
  expect(answers).toEqual(['the check answered false', 'the check answered false']);
});

test('a start period keeps refusals quiet', async () => {
  const answers: string[] = [];
  const context = probeContext({ ...answering({ a: fromTry(3) }), onAnswer: (answer) => void answers.push(answer) });
  await untilPasses({ ...check('a'), startPeriod: 60_000 }, context);
  expect(answers).toEqual([]);
});

test('ends with the signal, in the words of the last try', async () => {
  const deadline = new AbortController();
  const onAnswer = (): void => deadline.abort(new Error('late'));
  const context = probeContext({ ...answering({ a: () => false }), signal: deadline.signal, onAnswer });
  await expect(untilPasses(check('a'), context)).rejects.toThrow('the check answered false');
});

test('ends with the signal, in its own words when it has a code', async () => {
  const deadline = new AbortController();
  const late = new GreenroomError({ code: 'RESOURCE_START_TIMEOUT', message: 'late' });
  const onAnswer = (): void => deadline.abort(late);
  const context = probeContext({ ...answering({ a: () => false }), signal: deadline.signal, onAnswer });
  await expect(untilPasses(check('a'), context)).rejects.toBe(late);
});

test('ends at once when the signal is aborted before', async () => {
  const context = probeContext({ ...answering({ a: () => true }), signal: AbortSignal.abort(new Error('late')) });
  await expect(untilPasses({ probe: 'tcp', port: 1 }, { ...context, self: {} })).rejects.toThrow(
    'no try has ended yet',
  );
});

test('ends while a try is under way', async () => {
  const deadline = new AbortController();
  const call = (): Promise<never> => {
    deadline.abort(new Error('late'));
    return new Promise(() => undefined);
  };
  await expect(untilPasses(check('a'), probeContext({ call, signal: deadline.signal }))).rejects.toThrow(
    'no try has ended yet',
  );
});

test('all: each must have passed once, not all in the same moment', async () => {
  let asked = 0;
  const functions = { once: () => (asked += 1) === 1, late: fromTry(5) };
  await untilPasses({ probe: 'all', of: [check('once'), check('late')] }, probeContext(answering(functions)));
  expect(asked).toBe(1);
});

test('all: tells only of those that lack', async () => {
  const answers: string[] = [];
  const context = probeContext({
    ...answering({ good: () => true, bad: fromTry(2) }),
    onAnswer: (answer) => void answers.push(answer),
  });
  await untilPasses({ probe: 'all', of: [check('good'), check('bad')] }, context);
  expect(answers).toEqual(['the check answered false']);
});

test('all: one that cannot pass ends the wait', async () => {
  const wait = untilPasses(
    { probe: 'all', of: [check('never'), { probe: 'tcp', of: 'nobody' }] },
    probeContext(answering({ never: () => false })),
  );
  await expect(wait).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
});

test('any: the first that passes ends the others', async () => {
  let asked = 0;
  const never = (): boolean => {
    asked += 1;
    return false;
  };
  const context = probeContext(answering({ never, good: fromTry(2) }));
  await untilPasses({ probe: 'any', of: [check('never'), check('good')] }, context);
  const askedThen = asked;
  await new Promise((resolve) => setImmediate(resolve));
  expect(asked).toBe(askedThen);
});

test('once: of all the lowest generation counts, of any the first that passed', async () => {
  const context = probeContext(answering({ three: () => 3, five: () => 5, no: () => false }));
  const of = [check('five'), check('three')];
  expect(await askOnce({ probe: 'all', of }, context)).toMatchObject({ ok: true, generation: 3 });
  expect(await askOnce({ probe: 'any', of: [check('no'), ...of] }, context)).toMatchObject({ ok: true, generation: 5 });
  expect(await askOnce({ probe: 'all', of: [check('no'), ...of] }, context)).toEqual({
    ok: false,
    fields: {},
    answer: 'the check answered false',
  });
});
