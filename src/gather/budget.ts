import { graphOf } from '../coordinator/graph-of-plan.ts';
import { readEvents, readPlan } from '../coordinator/read-records.ts';
import type { Budgets, Plan } from '../protocol/plan.ts';
import { watchBudget, type Budget } from '../report/budget.ts';
import type { Progress } from '../report/fold.ts';
import { lowerMedian } from '../report/forecast.ts';
import { duration } from '../report/format.ts';
import { stopsText } from '../report/time-lines.ts';
import { timesOf, type Times } from '../report/times.ts';
import { lastTimes, usualStarts } from './usual.ts';

/** What budgets are watched with. */
export interface Watched {
  readonly plan: Plan;
  /** When the phase began, milliseconds since the epoch. */
  readonly since: number;
  readonly latest: () => Progress | undefined;
  readonly tell: (line: string) => void;
}

/**
 * Watches the budgets for builds and start, where the plan has them, and tells whether the last teardown has kept its
 * own: nobody was left to be told then. Returns how to stop watching.
 */
export function watchStart(watched: Watched): () => void {
  const { plan, tell } = watched;
  const { build, start, teardown } = plan.budgets ?? {};
  if (build === undefined && start === undefined && teardown === undefined) return () => undefined;
  const earlier = lastTimes(plan.root);
  if (teardown !== undefined) lateTeardown(teardown, earlier).forEach(tell);
  const usual = usualStarts(earlier);
  const over = (['build', 'start'] as const).map((phase) => watch(phase, watched, { usual }));
  return () => over.forEach((stop) => stop());
}

/** Watches the budget for specs, if there is one; returns how to stop that. @param running specs that run, where known */
export function watchSpecs(watched: Watched, running?: () => readonly string[]): () => void {
  return watch('specs', watched, { usual: {} }, running);
}

/**
 * Watches the budget for the teardown of a generation, if there is one; returns how to stop that.
 *
 * @param logDir of the generation
 */
export function watchTeardown(logDir: string, watched: Omit<Watched, 'plan'>): () => void {
  const plan = readPlan(logDir);
  if (plan?.budgets?.teardown === undefined) return () => undefined;
  const stopping = (): readonly string[] => {
    const { stops } = timesOf(graphOf(plan), readEvents(logDir), Date.now());
    return stops.flatMap(({ name, from, to, over }) => (over ? [] : [`${name} for ${duration(to - from)}`]));
  };
  const usually = lowerMedian(teardownsOf(lastTimes(plan.root)).map(({ phases }) => phases.teardown));
  return watch('teardown', { ...watched, plan }, { usual: {}, usually }, stopping);
}

function watch(
  phase: keyof Budgets,
  { plan, since, latest, tell }: Watched,
  before: Pick<Budget, 'usual' | 'usually'>,
  underWay?: () => readonly string[],
): () => void {
  const ms = plan.budgets?.[phase];
  if (ms === undefined) return () => undefined;
  return watchBudget({ phase, ms, since, ...before }, latest, (lines) => lines.forEach(tell), underWay);
}

/** Those that have been torn down. */
function teardownsOf(times: readonly Times[]): readonly Times[] {
  return times.filter(({ phases }) => phases.teardown > 0);
}

function lateTeardown(ms: number, earlier: readonly Times[]): readonly string[] {
  const [last] = teardownsOf(earlier);
  if (last === undefined || last.phases.teardown <= ms) return [];
  const spent = duration(last.phases.teardown);
  return [`greenroom: the last teardown took ${spent} of the ${duration(ms)} for it: ${stopsText(last.stops)}`];
}
