import { events, greenroom } from './greenroom.ts';
import { ended, go, report, reportsIn, said, start } from './processes.ts';
import { onStage, type Stage } from './stage.ts';
import type { Outcome, Story } from './story.ts';

const SPECS = 62;
const WORKERS = 4;
/** Milliseconds by which the cache is synced later than the service is healthy. */
const LATE = [300, 800, 3_000] as const;

interface Read {
  readonly passed: number;
  readonly defaults: number;
}

/** The service is healthy before its cache is synced; what reads it too early silently gets defaults and passes. */
export const R14: Story = {
  id: 'R14',
  title: 'late cache: the service is healthy, its cache is synced later, specs pass on defaults',
  loss: 'specs lost',
  runs: 1,
  plain: (fault) => forEach(fault ? LATE : [0], plain),
  greenroom: (fault) => forEach(fault ? LATE : [0], gated),
};

async function forEach(all: readonly number[], act: (stage: Stage, late: number) => Promise<Specs>): Promise<Outcome> {
  const counts: Record<string, number> = {};
  const measured: Record<string, number> = {};
  let lost = 0;
  for (const late of all) {
    const seconds = late / 1_000;
    const { passed, defaults, waited } = await onStage('R14', (stage) => act(stage, late));
    lost += SPECS - passed + defaults;
    counts[`on defaults at ${seconds} s`] = defaults;
    if (waited !== undefined) measured[`waited at ${seconds} s`] = waited / 1_000;
  }
  return { total: all.length * SPECS, lost, counts, measured };
}

interface Specs extends Read {
  /** Milliseconds from the service being ready to the gate being open. */
  readonly waited?: number;
}

async function plain(stage: Stage, late: number): Promise<Specs> {
  const env = { PORT: String(await stage.port()), SYNC_MS: String(late) };
  const workers = Array.from({ length: WORKERS }, (_, index) =>
    start(stage, `worker ${index + 1}`, ['node', 'worker.mjs', String(index)], env),
  );
  for (const actor of workers) await said(actor, 'up');
  const server = start(stage, 'server', ['node', '../shared/server.mjs'], env);
  await said(server, 'listening');
  for (const actor of workers) go(actor);
  const reads = await Promise.all(workers.map((actor) => report<Read>(actor)));
  server.process.kill();
  await ended(server);
  return add(reads);
}

async function gated(stage: Stage, late: number): Promise<Specs> {
  const exec = greenroom(stage, 'exec', ['exec', '--procs', String(WORKERS), '--', 'node', 'worker.mjs'], {
    SYNC_MS: String(late),
  });
  const { stdout } = await ended(exec);
  const reads = reportsIn(stdout) as readonly Read[];
  const log = events(stage);
  const ready = log.find(({ kind }) => kind === 'ready');
  const passed = log.find(({ kind }) => kind === 'gate.passed');
  if (ready === undefined || passed === undefined) throw new Error('the event log has no gate that opened');
  return { ...add(reads), waited: passed.at - ready.at };
}

function add(reads: readonly Read[]): Read {
  const sum = (of: keyof Read): number => reads.reduce((total, read) => total + read[of], 0);
  return { passed: sum('passed'), defaults: sum('defaults') };
}
