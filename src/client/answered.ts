import { within } from '../platform/deadline.ts';
import { GreenroomError, isGreenroomError } from '../protocol/failure.ts';
import { flushMs, HELD_MS, SUITE, type Plan } from '../protocol/plan.ts';
import type { Session } from './session.ts';

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
 * The same of a wait in which others may have something exclusively: as long as the coordinator answers, it may take
 * that much longer, and then the coordinator itself says who it was.
 *
 * @param ms without being held
 * @throws GreenroomError COORDINATOR_UNRESPONSIVE
 */
export async function answeredOrHeld<T>(answer: Promise<T>, ms: number, session: Pick<Session, 'status'>): Promise<T> {
  try {
    return await answered(answer, ms);
  } catch (error) {
    if (!isGreenroomError(error) || error.code !== 'COORDINATOR_UNRESPONSIVE') throw error;
    await answered(session.status());
    return answered(answer, HELD_MS);
  }
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
