import { graphOf } from '../coordinator/graph-of-plan.ts';
import { readEvents, readPlan } from '../coordinator/read-records.ts';
import { generationDirs } from '../platform/project-dir.ts';
import { usualOf, type Usual } from '../report/forecast.ts';
import { timesOf } from '../report/times.ts';

/** Earlier generations that are looked at. */
const LOOKED_AT = 5;

/** How long the resources of a project usually take to start, from what its last generations have left. */
export function usualStarts(root: string): Usual {
  return usualOf(generationDirs(root).slice(0, LOOKED_AT).map(startsIn));
}

function startsIn(logDir: string): Usual {
  try {
    const plan = readPlan(logDir);
    if (plan === undefined) return {};
    const { starts } = timesOf(graphOf(plan), readEvents(logDir));
    return Object.fromEntries(starts.map(({ name, from, to }) => [name, to - from]));
  } catch {
    return {}; // of another version, whose events mean something else
  }
}
