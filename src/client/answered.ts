import { within } from '../platform/deadline.ts';
import { GreenroomError } from '../protocol/failure.ts';
import { flushMs, SUITE, type Plan } from '../protocol/plan.ts';

/** Milliseconds that a living coordinator has for an answer it need not wait for. */
const ANSWER_MS = 10_000;

/**
 * What the coordinator answers, if it does in a time in which one that lives would have.
 *
 * @throws GreenroomError COORDINATOR_UNRESPONSIVE
 */
export function answered<T>(answer: Promise<T>, ms = ANSWER_MS): Promise<T> {
  return within(answer, ms, (): never => {
    throw new GreenroomError({
      code: 'COORDINATOR_UNRESPONSIVE',
      message: `the coordinator did not answer within ${ms} ms`,
      hint: 'see whether it is stopped (state T in ps), and its log in .greenroom/generations',
    });
  });
}

/**
 * Milliseconds that the answer to `finish` can take. The final body of the suite, the clean-ups after it, and each flush
 * have a deadline, which the coordinator keeps; 0: there is none of them.
 */
export function finishMs(plan: Plan): number {
  const { [SUITE]: suite } = plan.resources;
  const ms = (suite === undefined ? 0 : 2 * suite.stopTimeout) + flushMs(plan);
  return ms === 0 ? 0 : ms + ANSWER_MS;
}
