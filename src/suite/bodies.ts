import { describeError, GreenroomError } from '../protocol/failure.ts';

/** What every body is given besides the endpoints. */
export interface Body {
  /** Aborted at the body's deadline, or when nobody waits for its end any more. */
  readonly signal: AbortSignal;
  /**
   * Registers a step for the end: of the whole suite in a `once` body, of this worker in an `each` body. Steps run
   * after the bodies of `synchronizedAfterSuite`, the last registered first; one that throws does not stop the others.
   */
  onCleanup(step: () => unknown): void;
}

/** Steps for the end. Each process that runs bodies has one of these. */
export type Cleanups = (() => unknown)[];

/** Thrown by `skip`. Recognised by symbol, because the module that throws it may be loaded twice. */
const SKIP = Symbol.for('greenroom.skip');

export class SkipSuite extends Error {
  readonly [SKIP] = true;
}

export function isSkip(error: unknown): error is SkipSuite {
  return typeof error === 'object' && error !== null && SKIP in error;
}

/**
 * Runs a body within its own deadline.
 *
 * @param what names the body in messages
 * @param calledOff aborts its signal before the deadline
 * @throws GreenroomError FUNCTION_TIMEOUT, or what the body threw
 */
export async function runBody<T>(
  what: string,
  timeout: number,
  cleanups: Cleanups,
  body: (context: Body) => T | Promise<T>,
  calledOff?: AbortSignal,
): Promise<T> {
  const overdue = new AbortController();
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    const error = new GreenroomError({
      code: 'FUNCTION_TIMEOUT',
      message: `${what} did not end within ${timeout} ms`,
      subject: 'suite',
    });
    overdue.abort(error);
    reject(error);
  }, timeout);
  const signal = AbortSignal.any([overdue.signal, ...(calledOff ? [calledOff] : [])]);
  const context: Body = { signal, onCleanup: (step) => void cleanups.push(step) };
  try {
    return await Promise.race([(async () => body(context))(), late]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Runs the steps, the last registered first, each within `timeout` milliseconds. Steps that a step registers run too.
 *
 * @returns what each of those that failed threw, described
 */
export async function runCleanups(cleanups: Cleanups, timeout: number): Promise<readonly string[]> {
  const problems: string[] = [];
  for (let step = cleanups.pop(); step !== undefined; step = cleanups.pop()) {
    try {
      await runBody('a clean-up of the suite', timeout, cleanups, step);
    } catch (error) {
      problems.push(describeError(error));
    }
  }
  return problems;
}
