/** A failure that is older than the run that is told of it. */
import type { State } from '../coordinator/state.ts';
import { type Failure, rootCause } from '../protocol/failure.ts';
import { duration } from './format.ts';

/**
 * The failure with a hint that it is not new, if its root cause was there before `start`: a generation does not start
 * again by itself what has failed in it, so that whoever mended it and runs again would be told the same.
 */
export function dated(failure: Failure, state: State, start: number): Failure {
  const { subject = '' } = rootCause(failure);
  const resource = state.resources[subject];
  if (resource?.state !== 'failed' || resource.since >= start) return failure;
  const ago = duration(start - resource.since);
  return hinting(failure, `${subject} failed ${ago} before this run; \`greenroom up --retry\` starts it again`);
}

/** With another line to the hint that is shown, which is that of the root cause. */
function hinting(failure: Failure, line: string): Failure {
  if (failure.cause !== undefined) return { ...failure, cause: hinting(failure.cause, line) };
  return { ...failure, hint: failure.hint === undefined ? line : `${failure.hint}\n${line}` };
}
