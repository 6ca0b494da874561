/** Where the time went, for people. */
import type { Graph } from '../coordinator/state.ts';
import type { Budgets } from '../protocol/plan.ts';
import { criticalPath, pathText } from './critical-path.ts';
import { duration } from './format.ts';
import type { PhaseName, Times } from './times.ts';

const PHASES: readonly PhaseName[] = ['start', 'specs', 'idle', 'teardown'];

/** The phases with their budgets, the critical path of the start, and what members waited for, longest first. */
export function timeLines(graph: Graph, { phases, starts, waited }: Times, budgets: Budgets = {}): readonly string[] {
  const spent = PHASES.filter((name) => phases[name] > 0).map((name) => {
    const budget = name === 'start' || name === 'specs' ? budgets[name] : undefined;
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
