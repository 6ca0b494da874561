/** Where the time went, for people. */
import type { Graph } from '../coordinator/state.ts';
import type { Budgets } from '../protocol/plan.ts';
import { criticalPath, pathText } from './critical-path.ts';
import { duration } from './format.ts';
import type { PhaseName, Times } from './times.ts';

const PHASES: readonly PhaseName[] = ['build', 'start', 'specs', 'idle', 'teardown'];

/** The phases with their budgets, the critical path of the start, and what members waited for, longest first. */
export function timeLines(graph: Graph, { phases, starts, waited }: Times, budgets: Budgets = {}): readonly string[] {
  const spent = PHASES.filter((name) => phases[name] > 0).map((name) => {
    const budget = name === 'idle' ? undefined : budgets[name];
    return `${name} ${duration(phases[name])}${budget === undefined ? '' : ` of ${duration(budget)}`}`;
  });
  const path = criticalPath(graph, starts);
  const waits = Object.entries(waited)
    .filter(([, ms]) => Math.round(ms / 100) > 0)
    .toSorted(([, a], [, b]) => b - a)
    .map(([what, ms]) => `${what} ${duration(ms)}`);
  return [
    ...(spent.length === 0 ? [] : [`time: ${spent.join(' · ')}`]),
    ...(path.length === 0 ? [] : [`critical path of the start: ${pathText(path)}`]),
    ...(waits.length === 0 ? [] : [`members waited for: ${waits.join(' · ')}`]),
  ];
}

/** What a teardown was spent on, longest first: `db 3.1s · api 1.0s`. */
export function stopsText(stops: Times['stops']): string {
  return stops
    .toSorted((a, b) => b.to - b.from - (a.to - a.from))
    .map(({ name, from, to }) => `${name} ${duration(to - from)}`)
    .join(' · ');
}
