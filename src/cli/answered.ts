import { within } from '../platform/deadline.ts';
import { GreenroomError } from '../protocol/failure.ts';

/** How long a coordinator may take for an answer it has at hand. */
const ANSWER_TIMEOUT_MS = 15_000;

/** Waits for the coordinator's answer, so that one that is stopped or stuck does not hold us up for ever. */
export function answered<T>(what: string, answer: Promise<T>, ms = ANSWER_TIMEOUT_MS): Promise<T> {
  return within(answer, ms, () => {
    throw new GreenroomError({
      code: 'COORDINATOR_UNRESPONSIVE',
      message: `the coordinator was asked ${what} and did not answer within ${ms} ms`,
      hint: 'see whether its process is stopped (state T in ps); `greenroom status` names its pid',
    });
  });
}
