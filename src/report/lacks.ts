/** What somebody waits for, in a few words. */
import { hasSlices } from '../coordinator/slices.ts';
import type { State, Waiter } from '../coordinator/state.ts';
import { neededBy, shutFor } from '../coordinator/waiters.ts';

/** First resources that start, else what each worker has of its own, else gates: each waits for the one before it. */
export function lacksOf(state: State, waiter: Waiter): readonly string[] {
  const needed = neededBy(state, waiter);
  const missing = needed.filter((name) => state.resources[name]?.state !== 'ready');
  const starting = missing.filter((name) => state.resources[name]?.state !== 'declared');
  if (missing.length > 0) return starting.length > 0 ? starting : missing;
  if (!hasSlices(state, waiter, needed)) return ['slices'];
  return shutFor(state, waiter).map(({ name }) => `gate ${name}`);
}
