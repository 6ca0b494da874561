import { isGreenroomError, type Failure } from '../../src/protocol/failure.ts';

/** The failure that a call throws. */
export function failureOf(call: () => unknown): Failure {
  try {
    call();
  } catch (error) {
    if (isGreenroomError(error)) return error.failure;
    throw error;
  }
  throw new Error('it did not throw');
}
