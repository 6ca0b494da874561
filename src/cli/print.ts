import type { Failure } from '../protocol/failure.ts';
import { failureLines } from '../report/failure.ts';

/** A line for people, beside the results on standard output. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** A failure, as it is told everywhere. */
export function tell(failure: Failure): void {
  failureLines(failure).forEach(say);
}

/** A line of the result. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
