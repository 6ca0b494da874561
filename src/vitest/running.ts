import type { Vitest } from 'vitest/node';

/** Whether a run is under way, from its global setup to its summary. Vitest's types do not have it. */
export function isRunning(vitest: Vitest): boolean {
  return (vitest as unknown as { readonly runningPromise?: unknown }).runningPromise !== undefined;
}
