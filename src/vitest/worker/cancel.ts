/**
 * The end of a run before its time: Ctrl-C, `bail`, or the API. Vitest aborts the spec that runs then, and leaves out
 * those that follow; what a file waits for before its first spec is ours to give up.
 */
import { kept } from './place.ts';
import { atCancel } from './vitest-state.ts';

/** The run is cancelled: whoever waited goes on without, and nothing has failed. */
export class RunCancelled extends Error {}

/** What the worker has heard of, which is not used for another run. */
const cancel = kept<{ came: boolean; readonly waiting: Set<() => void> }>('cancel');

/** Hears of it from here on. Once a worker: Vitest 4 keeps its listeners for ever. */
export function listenForCancel(): void {
  if (cancel.waiting !== undefined) return;
  const waiting = new Set<() => void>();
  // A worker that was still held by the pool is started all the same, and is not there yet to be told.
  Object.assign(cancel, { waiting, came: process.env['GREENROOM_CANCELLED'] !== undefined });
  atCancel(() => {
    cancel.came = true;
    for (const giveUp of waiting) giveUp();
  });
}

/**
 * The same, as long as the run goes on.
 *
 * @throws RunCancelled
 */
export async function unlessCancelled<T>(promise: Promise<T>): Promise<T> {
  const { promise: given, reject } = Promise.withResolvers<never>();
  const giveUp = (): void => reject(new RunCancelled('the run is cancelled'));
  cancel.waiting?.add(giveUp);
  if (cancel.came === true) giveUp();
  try {
    return await Promise.race([promise, given]);
  } finally {
    cancel.waiting?.delete(giveUp);
  }
}
