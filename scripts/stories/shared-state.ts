import { byHand, onGreenroom, type Env } from './edges.ts';
import { onStage, type Stage } from './stage.ts';
import type { Outcome, Story } from './story.ts';

const SPECS = 62;

interface Specs {
  readonly passed: number;
}

/** What all processes of the baseline share, as the environment that says where it is. */
type Shared = (stage: Stage, act: (env: Env) => Promise<number>) => Promise<number>;

/** The same 62 specs in 4 and in 12 processes, which is the fault, or in one, which it needs to pass. */
export function sharedState(id: string, shared: Shared): Pick<Story, 'loss' | 'plain' | 'greenroom'> {
  return {
    loss: 'specs lost',
    plain: (fault) =>
      inProcesses(id, fault, (stage, processes) => shared(stage, (env) => plain(stage, processes, env))),
    greenroom: (fault) => inProcesses(id, fault, sliced),
  };
}

async function inProcesses(
  id: string,
  fault: boolean,
  passed: (stage: Stage, processes: number) => Promise<number>,
): Promise<Outcome> {
  const all = fault ? [4, 12] : [1];
  const counts: Record<string, number> = {};
  for (const processes of all) {
    counts[`lost in ${processes}`] = SPECS - (await onStage(id, (stage) => passed(stage, processes)));
  }
  return { total: all.length * SPECS, lost: Object.values(counts).reduce((sum, lost) => sum + lost, 0), counts };
}

async function plain(stage: Stage, processes: number, env: Env): Promise<number> {
  return passedIn(await byHand<Specs>(stage, processes, { ...env, PROCESSES: String(processes) }));
}

async function sliced(stage: Stage, processes: number): Promise<number> {
  return passedIn(await onGreenroom<Specs>(stage, processes, { PROCESSES: String(processes) }));
}

function passedIn(reports: readonly Specs[]): number {
  return reports.reduce((total, { passed }) => total + passed, 0);
}
