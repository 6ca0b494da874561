/** What a Vitest process is at. Its types do not have this. */
import type { Vitest } from 'vitest/node';

interface Internals {
  readonly runningPromise?: unknown;
  readonly isCancelling: boolean;
}

/** Whether a run is under way, from its global setup to its summary. */
export function isRunning(vitest: Vitest): boolean {
  return (vitest as unknown as Internals).runningPromise !== undefined;
}

/** Whether the present run has been cancelled. */
export function isCancelled(vitest: Vitest): boolean {
  return (vitest as unknown as Internals).isCancelling;
}
