import type { Budgets, Plan } from '../protocol/plan.ts';
import { watchBudget } from '../report/budget.ts';
import type { Progress } from '../report/fold.ts';
import { usualStarts } from './usual.ts';

/**
 * Watches the plan's budget for a phase, if it has one; returns how to stop that.
 *
 * @param since when the phase began, milliseconds since the epoch
 * @param running specs that run, where that is known
 */
export function watchBudgetOf(
  { root, budgets }: Plan,
  phase: keyof Budgets,
  since: number,
  latest: () => Progress | undefined,
  tell: (lines: readonly string[]) => void,
  running?: () => readonly string[],
): () => void {
  const ms = budgets?.[phase];
  if (ms === undefined) return () => undefined;
  const usual = phase === 'start' ? usualStarts(root) : {};
  return watchBudget({ phase, ms, since, usual }, latest, tell, running);
}
