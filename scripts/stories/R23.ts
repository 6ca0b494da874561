import { greenroom, serverPids } from './greenroom.ts';
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
  const seconds: number[] = [];
  for (const workers of sizes) {
    await onStage('R23', async (stage) => {
      seconds.push((await act(stage, workers)) / 1_000);
      counts[`starts for ${workers}`] = serverPids(stage).length;
    });
  }
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const measured = Object.fromEntries(
    sizes.map((workers, index) => [`seconds for ${workers}`, seconds[index] ?? Number.NaN]),
  );
  const [one = Number.NaN] = seconds;
  const ratio = sizes.length > 1 ? { 'twelve over one': (seconds.at(-1) ?? Number.NaN) / one } : {};
  return { total, lost: total - sizes.length, counts, measured: { ...measured, ...ratio } };
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
