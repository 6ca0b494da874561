import { CODES } from '../protocol/codes.ts';
import type { GreenroomError } from '../protocol/failure.ts';
import { mistaken, withoutStack } from './worker/say.ts';

/**
 * An error for Vitest's main process, which shows message and stack, and would end with 1: it says what to do next,
 * and the process ends with the error's own code.
 */
export function withExitCode({ code, failure }: GreenroomError): Error {
  process.once('exit', () => {
    process.exitCode = CODES[code].exit;
  });
  return withoutStack(mistaken(failure));
}
