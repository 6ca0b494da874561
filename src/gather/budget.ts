import type { Budgets, Plan } from '../protocol/plan.ts';
import { watchBudget, type Budget } from '../report/budget.ts';
import type { Progress } from '../report/fold.ts';
import { median } from '../report/forecast.ts';
import { duration } from '../report/format.ts';
import { stopsText } from '../report/time-lines.ts';
import type { Times } from '../report/times.ts';
import { lastTimes, usualStarts } from './usual.ts';

type Tell = (lines: readonly string[]) => void;

/** What a budget is watched with, besides its phase. */
export interface Watched {
  readonly plan: Plan;
  /** When the phase began, milliseconds since the epoch. */
  readonly since: number;
  readonly latest: () => Progress | undefined;
  readonly tell: Tell;
  /** Specs that run, or resources that stop, where that is known. */
  readonly underWay?: () => readonly string[];
}

/**
 * Watches the budgets for builds and start, where the plan has them, and tells whether the last teardown has kept its
 * own: nobody was left to be told then. Returns how to stop watching.
 */
export function watchStart(watched: Watched): () => void {
  watched.tell(lateTeardown(watched.plan));
  const over = (['build', 'start'] as const).map((phase) => watchBudgetOf(phase, watched));
  return () => over.forEach((stop) => stop());
}

/** Watches the plan's budget for a phase, if it has one; returns how to stop that. */
export function watchBudgetOf(phase: keyof Budgets, watched: Watched): () => void {
  const { plan, since, latest, tell, underWay } = watched;
  const ms = plan.budgets?.[phase];
  if (ms === undefined) return () => undefined;
  return watchBudget({ phase, ms, since, ...usually(phase, plan.root) }, latest, tell, underWay);
}

function usually(phase: keyof Budgets, root: string): Pick<Budget, 'usual' | 'usually'> {
  switch (phase) {
    case 'build':
    case 'start':
      return { usual: usualStarts(root) };
    case 'specs':
      return { usual: {} };
    case 'teardown':
      return { usual: {}, usually: median(teardowns(root).map(({ phases }) => phases.teardown)) };
  }
}

/** The last generations that have been torn down, the newest first. */
function teardowns(root: string): readonly Times[] {
  return lastTimes(root).filter(({ phases }) => phases.teardown > 0);
}

function lateTeardown({ root, budgets }: Plan): readonly string[] {
  const ms = budgets?.teardown;
  if (ms === undefined) return [];
  const [last] = teardowns(root);
  if (last === undefined || last.phases.teardown <= ms) return [];
  const spent = duration(last.phases.teardown);
  return [`greenroom: the last teardown took ${spent} of the ${duration(ms)} for it: ${stopsText(last.stops)}`];
}
