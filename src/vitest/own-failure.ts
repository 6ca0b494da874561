import { isGreenroomError, toFailure, type Failure } from '../protocol/failure.ts';

/**
 * What Greenroom says of an error: its own, or that of a full disk.
 *
 * @throws the error itself when it is neither: then it is a bug, of ours or of the user's, and no failure to be told
 */
export function ownFailure(error: unknown): Failure {
  const failure = toFailure(error, 'COORDINATOR_START_FAILED');
  if (!isGreenroomError(error) && failure.code !== 'DISK_FULL') throw error;
  return failure;
}
