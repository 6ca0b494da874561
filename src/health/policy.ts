/** How often and how soon what was lost is brought back. Pure. */
import type { RestartPlan } from '../protocol/plan.ts';

/** Milliseconds over which restarts are counted: who is up for days does not use the budget up. */
const WINDOW_MS = 600_000;

/** Restarts that still count, of those at these times. */
export function counted(times: readonly number[], at: number): readonly number[] {
  return times.filter((time) => at - time < WINDOW_MS);
}

/**
 * Milliseconds until the next restart: none before the first, then twice as long each time.
 *
 * @returns undefined when the budget is used up
 */
export function waitBefore({ max, backoff }: RestartPlan, times: readonly number[], at: number): number | undefined {
  const done = counted(times, at).length;
  if (done >= max) return undefined;
  return done === 0 ? 0 : backoff * 2 ** (done - 1);
}
