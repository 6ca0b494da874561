import { CODES } from '../protocol/codes.ts';
import type { GreenroomError } from '../protocol/failure.ts';

/** Lets the process end with the code of an error that Vitest is about to report, and would end with 1 for. */
export function withExitCode(error: GreenroomError): GreenroomError {
  process.once('exit', () => {
    process.exitCode = CODES[error.code].exit;
  });
  return error;
}
