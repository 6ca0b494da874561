import { greenroom, serverPids } from './greenroom.ts';
import { ended, go, report, reportsIn, said, start, type Actor } from './processes.ts';
import { onStage, type Stage } from './stage.ts';
import type { Outcome, Story } from './story.ts';

const SPECS = 47;

/** What a worker reports. */
interface Specs {
  readonly passed: number;
}

/** Process 1 starts the server, has the fewest specs, and takes the server away from the others when it is done. */
export const R2: Story = {
  id: 'R2',
  title: 'teardown by process 1: it kills the server while the others still use it',
  loss: 'specs lost',
  runs: 3,
  // Once for the processes that know nothing of each other, once for the copies of `exec`.
  expected: { starts: 2 },
  plain: (fault) => onStage('R2', (stage) => plain(stage, fault ? 4 : 1)),
  async greenroom(fault) {
    const apart = await onStage('R2', (stage) => runs(stage, fault ? 4 : 1));
    const together = await onStage('R2', (stage) => copies(stage, fault ? 4 : 1));
    return { total: 2 * SPECS, lost: apart.lost + together.lost, counts: { starts: apart.starts + together.starts } };
  },
};

async function plain(stage: Stage, processes: number): Promise<Outcome> {
  const env = { PORT: String(await stage.port()) };
  const workers = each(processes, (index) => start(stage, `process ${index + 1}`, worker(processes, index), env));
  for (const actor of workers) await said(actor, 'up');
  for (const actor of workers) go(actor);
  return { total: SPECS, lost: SPECS - (await passed(workers)), counts: { starts: serverPids(stage).length } };
}

interface Part {
  readonly lost: number;
  readonly starts: number;
}

async function runs(stage: Stage, processes: number): Promise<Part> {
  const workers = each(processes, (index) =>
    greenroom(stage, `run ${index + 1}`, ['run', '--', ...worker(processes, index)]),
  );
  return { lost: SPECS - (await passed(workers)), starts: serverPids(stage).length };
}

async function copies(stage: Stage, processes: number): Promise<Part> {
  const exec = greenroom(stage, 'exec', ['exec', '--procs', String(processes), '--', ...worker(processes)]);
  const reports = reportsIn((await ended(exec)).stdout) as readonly Specs[];
  return { lost: SPECS - reports.reduce((sum, specs) => sum + specs.passed, 0), starts: serverPids(stage).length };
}

function worker(processes: number, index?: number): readonly [string, ...string[]] {
  return ['node', 'worker.mjs', String(processes), ...(index === undefined ? [] : [String(index)])];
}

function each<T>(count: number, make: (index: number) => T): readonly T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

async function passed(actors: readonly Actor[]): Promise<number> {
  const reports = await Promise.all(actors.map((actor) => report<Specs>(actor)));
  return reports.reduce((sum, specs) => sum + specs.passed, 0);
}
