import { join } from 'node:path';
import { onGreenroom } from './edges.ts';
import { report, start } from './processes.ts';
import { FIXTURES, onStage, quietPort, type Stage } from './stage.ts';
import type { Outcome, Story } from './story.ts';

/** Ports that each process chooses. */
const PORTS = 100;

/** Between choosing a port and binding it, somebody else binds it. */
export const R21: Story = {
  id: 'R21',
  title: 'port choice: the port is taken between being chosen and being bound',
  loss: 'ports taken',
  runs: 1,
  plain: (fault) => onStage('R21', (stage) => plain(stage, fault ? 12 : 1)),
  greenroom: async (fault) => {
    const processes = fault ? 12 : 1;
    const one = await onStage('R21', (stage) => reserved(stage, processes));
    const many = await onStage('R21', (stage) => blocks(stage, processes));
    const counts = { reserved: one.lost, blocks: many.lost };
    return { total: one.total + many.total, lost: one.lost + many.lost, counts };
  },
};

async function plain(stage: Stage, processes: number): Promise<Outcome> {
  const first = String(await quietPort(1_000));
  const counts: Record<string, number> = {};
  let total = 0;
  for (const way of ['free', 'random', 'fixed']) {
    const result = await choose(stage, processes, ['node', 'choose.mjs', way, first]);
    counts[way] = result.lost;
    total += result.total;
  }
  return { total, lost: Object.values(counts).reduce((sum, count) => sum + count, 0), counts };
}

function reserved(stage: Stage, processes: number): Promise<Outcome> {
  return choose(stage, processes, ['node', join(FIXTURES, 'R21/reserve.ts')]);
}

async function blocks(stage: Stage, processes: number): Promise<Outcome> {
  const env = { PROCESSES: String(processes) };
  return outcomeOf(processes, await onGreenroom<Chosen>(stage, processes, env, 'block.mjs'));
}

async function choose(stage: Stage, processes: number, command: readonly [string, ...string[]]): Promise<Outcome> {
  const actors = Array.from({ length: processes }, (_, index) =>
    start(stage, `process ${index + 1}`, command, { PROCESSES: String(processes) }),
  );
  return outcomeOf(processes, await Promise.all(actors.map((actor) => report<Chosen>(actor))));
}

interface Chosen {
  readonly taken: number;
}

/** A process that gave no report has lost all its ports. */
function outcomeOf(processes: number, reports: readonly Chosen[]): Outcome {
  const bound = reports.reduce((sum, { taken }) => sum + PORTS - taken, 0);
  return { total: processes * PORTS, lost: processes * PORTS - bound };
}
