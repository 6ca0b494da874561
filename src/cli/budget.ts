import { usualStarts } from '../gather/usual.ts';
import type { Budgets, Plan } from '../protocol/plan.ts';
import { watchBudget } from '../report/budget.ts';
import type { Progress } from '../report/fold.ts';
import { say } from './print.ts';

/** Watches the plan's budget for a phase, if it has one; returns how to stop that. */
export function watchBudgetOf(
  { root, budgets }: Plan,
  phase: keyof Budgets,
  since: number,
  latest: () => Progress | undefined,
): () => void {
  const ms = budgets?.[phase];
  if (ms === undefined) return () => undefined;
  const usual = phase === 'start' ? usualStarts(root) : {};
  return watchBudget({ phase, ms, since, usual }, latest, (lines) => lines.forEach(say));
}
