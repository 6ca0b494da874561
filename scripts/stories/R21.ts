import { join } from 'node:path';
import { ended, said, start } from './processes.ts';
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
  greenroom: (fault) => onStage('R21', (stage) => reserved(stage, fault ? 12 : 1)),
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

async function choose(stage: Stage, processes: number, command: readonly [string, ...string[]]): Promise<Outcome> {
  const actors = Array.from({ length: processes }, (_, index) => start(stage, `process ${index + 1}`, command));
  for (const actor of actors) await said(actor, 'up');
  for (const actor of actors) actor.process.stdin.write('go\n');
  const taken = await Promise.all(actors.map(async (actor) => Number(await said(actor, 'taken'))));
  // Ports are held until all have chosen.
  for (const actor of actors) actor.process.stdin.end();
  await Promise.all(actors.map(ended));
  return { total: processes * PORTS, lost: taken.reduce((sum, count) => sum + count, 0) };
}
