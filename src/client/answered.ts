import { within } from '../platform/deadline.ts';
import { GreenroomError } from '../protocol/failure.ts';

/** Milliseconds that a living coordinator has for an answer it need not wait for. */
export const ANSWER_MS = 10_000;

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
