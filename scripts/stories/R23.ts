import { events, greenroom, serverPids } from './greenroom.ts';
import { ended, start, until, type Actor } from './processes.ts';
import { onStage, type Stage } from './stage.ts';
import type { Outcome, Story } from './story.ts';

/** What a start of the server costs: work that the machine's cores must share, and waiting that they need not. */
const COST = { START_CPU_MS: '400', START_WAIT_MS: '600' };

/** Every worker starts the infrastructure for itself, and the starts compete for the machine. */
export const R23: Story = {
  id: 'R23',
  title: 'start per worker or once: 0.4 s of work and 0.6 s of waiting, by 1, 4 and 12 workers',
  loss: 'starts too many',
  runs: 1,
  plain: (fault) => forEach(fault ? [1, 4, 12] : [1], plain),
  greenroom: (fault) => forEach(fault ? [1, 4, 12] : [1], shared),
};

async function forEach(
  sizes: readonly number[],
  act: (stage: Stage, workers: number) => Promise<number>,
): Promise<Outcome> {
  const counts: Record<string, number> = {};
  const measured: Record<string, number> = {};
  for (const workers of sizes) {
    await onStage('R23', async (stage) => {
      measured[`seconds for ${workers}`] = (await act(stage, workers)) / 1_000;
      counts[`starts for ${workers}`] = serverPids(stage).length;
      Object.assign(measured, serverAlone(stage, workers));
    });
  }
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const { 'seconds for 1': one = Number.NaN, 'seconds for 12': twelve } = measured;
  const ratio = twelve === undefined ? {} : { 'twelve over one': twelve / one };
  return { total, lost: total - sizes.length, counts, measured: { ...measured, ...ratio } };
}

/** How much of it was the start of the server; the rest is the processes of Greenroom and the workers. */
function serverAlone(stage: Stage, workers: number): Readonly<Record<string, number>> {
  const log = events(stage);
  const elected = log.find(({ kind }) => kind === 'elected');
  const ready = log.find(({ kind }) => kind === 'ready');
  return elected && ready ? { [`of it the server for ${workers}`]: (ready.at - elected.at) / 1_000 } : {};
}

function plain(stage: Stage, workers: number): Promise<number> {
  return untilReady(workers, () =>
    Array.from({ length: workers }, (_, index) => start(stage, `worker ${index + 1}`, ['node', 'worker.mjs'], COST)),
  );
}

function shared(stage: Stage, workers: number): Promise<number> {
  return untilReady(workers, () => [
    greenroom(stage, 'exec', ['exec', '--procs', String(workers), '--', 'node', 'worker.mjs']),
  ]);
}

/** Milliseconds from launch to the last worker being ready. */
async function untilReady(workers: number, launch: () => readonly Actor[]): Promise<number> {
  const began = performance.now();
  const actors = launch();
  const ready = (): number => actors.flatMap(({ lines }) => lines).filter((line) => line.endsWith('ready')).length;
  await until(`${workers} workers to be ready`, () => (ready() === workers ? true : undefined));
  const took = performance.now() - began;
  for (const actor of actors) await ended(actor);
  return took;
}
