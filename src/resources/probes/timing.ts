import type { ProbeTiming } from '../../protocol/plan.ts';

/** Limit of one try where the probe names none, in milliseconds. */
const TRY_TIMEOUT = 2_000;
const SHORTEST_PAUSE = 5;
const LONGEST_PAUSE = 250;

export function tryTimeout(timing: ProbeTiming): number {
  return timing.timeout ?? TRY_TIMEOUT;
}

/** Pause before the next try: 1 % of the time waited so far, so that what is quick is seen at once. */
export function pauseAfter(waited: number, timing: ProbeTiming): number {
  return timing.interval ?? Math.min(LONGEST_PAUSE, Math.max(SHORTEST_PAUSE, waited / 100));
}

/** Runs one try under a limit of its own besides the outer signal. */
export async function withLimit<T>(
  ms: number,
  outer: AbortSignal,
  act: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  outer.throwIfAborted();
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(new Error(`no answer within ${ms} ms`)), ms);
  const end = (): void => limit.abort(outer.reason);
  outer.addEventListener('abort', end, { once: true });
  try {
    return await orAbort(limit.signal, act(limit.signal));
  } finally {
    clearTimeout(timer);
    outer.removeEventListener('abort', end);
  }
}

/** Settles as the promise does, or rejects with the signal's reason, whichever comes first. */
export async function orAbort<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const end = (): void => aborted.reject(signal.reason as Error);
  if (signal.aborted) end();
  signal.addEventListener('abort', end, { once: true });
  try {
    return await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', end);
  }
}
