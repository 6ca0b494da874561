/**
 * What went wrong, in a form that crosses processes: JSON, with a stable code, the root cause kept, and the
 * last log lines where a process was involved.
 */
export interface Failure {
  /** Stable code, see `codes.ts`. */
  readonly code: Code;
  /** One sentence: what happened and why. */
  readonly message: string;
  /** What to do next. */
  readonly hint?: string;
  /** The resource or gate it concerns. */
  readonly subject?: string;
  /** Last lines of the subject's log, oldest first, at most 50. */
  readonly log?: readonly string[];
  /** Where the whole log is. */
  readonly logFile?: string;
  /** How the process ended that it speaks of. */
  readonly exit?: { readonly code: number | null; readonly signal: string | null };
  readonly cause?: Failure;
}

import type { Code } from './codes.ts';

const BRAND = Symbol.for('greenroom.error');

/** The one error class of Greenroom. Recognised by symbol, so that two copies of the library agree. */
export class GreenroomError extends Error {
  readonly code: Code;
  readonly failure: Failure;
  readonly [BRAND] = true;

  constructor(failure: Failure) {
    super(failure.message, failure.cause ? { cause: new GreenroomError(failure.cause) } : undefined);
    this.name = 'GreenroomError';
    this.code = failure.code;
    this.failure = failure;
  }
}

/** True for a GreenroomError of any copy of this library. */
export function isGreenroomError(error: unknown): error is GreenroomError {
  return typeof error === 'object' && error !== null && BRAND in error;
}

/**
 * Turns whatever was thrown into a Failure; `fallback` names the code for what is not ours. A full disk is always
 * DISK_FULL, wherever it was noticed.
 */
export function toFailure(error: unknown, fallback: Code, subject?: string): Failure {
  if (isGreenroomError(error)) return error.failure;
  const full = error instanceof Error && 'code' in error && error.code === 'ENOSPC';
  return {
    code: full ? 'DISK_FULL' : fallback,
    message: describeError(error),
    ...(subject === undefined ? {} : { subject }),
    ...(full ? { hint: 'free some space there; GREENROOM_RUNTIME_DIR and TMPDIR choose other places' } : {}),
  };
}

/** What could not be written, and why; DISK_FULL where that is the reason. `hint` is for the other reasons. */
export function cannotWrite(path: string, error: unknown, fallback: Code, hint: string): GreenroomError {
  return new GreenroomError({
    hint,
    ...toFailure(error, fallback),
    message: `${path} cannot be written: ${describeError(error)}`,
  });
}

/**
 * The text of an error with what clients hide: Node's `fetch failed` carries its reason in `cause`, and a
 * connection refused on both `127.0.0.1` and `::1` is an AggregateError with an empty message.
 */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const parts: string[] = [];
  if (error.message !== '') parts.push(error.message);
  if (error instanceof AggregateError) parts.push(error.errors.map(describeError).join('; '));
  if (error.cause !== undefined) parts.push(describeError(error.cause));
  return parts.length > 0 ? parts.join(': ') : error.name;
}

/** The innermost cause: what everyone who waited is told. */
export function rootCause(failure: Failure): Failure {
  return failure.cause === undefined ? failure : rootCause(failure.cause);
}
