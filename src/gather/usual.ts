import { graphOf } from '../coordinator/graph-of-plan.ts';
import { readEvents, readPlan } from '../coordinator/read-records.ts';
import { generationDirs } from '../platform/project-dir.ts';
import { usualOf, type Usual } from '../report/forecast.ts';
import { timesOf, type Times } from '../report/times.ts';

/** Earlier generations that are looked at. */
const LOOKED_AT = 5;

/** How long resources usually take to start, from how long it took in earlier generations. */
export function usualStarts(earlier: readonly Times[]): Usual {
  const starts = earlier.map((times) => times.starts.map(({ name, from, to }) => [name, to - from] as const));
  return usualOf(starts.map((one) => Object.fromEntries(one)));
}

/** The times of the last generations of a project, the newest first. */
export function lastTimes(root: string): readonly Times[] {
  return generationDirs(root).slice(0, LOOKED_AT).flatMap(timesIn);
}

function timesIn(logDir: string): readonly Times[] {
  try {
    const plan = readPlan(logDir);
    return plan === undefined ? [] : [timesOf(graphOf(plan), readEvents(logDir))];
  } catch {
    return []; // of another version, whose events mean something else
  }
}
