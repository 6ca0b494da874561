import { randomInt } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isRunning, processesOf } from '../../test/support/leftovers.ts';
import { ended, said, until, type Actor } from './processes.ts';
import { isFree, type Stage } from './stage.ts';

/** Milliseconds within which a kill comes at random, from the first thing that was taken. */
const SOON = 1_500;

export type Victim = 'worker' | 'owner';

/** What the workers of a round wrote down. */
export interface Told {
  /** Things that were marked by who had taken them. */
  readonly holds: number;
  /** Marks of another process, which lived. */
  readonly twice: number;
  /** Marks of another process, which was gone. */
  readonly unclean: number;
  readonly failures: readonly string[];
  readonly taken: readonly { readonly ports: readonly number[]; readonly path: string }[];
  /** Milliseconds since the epoch; null when nobody was killed. */
  readonly killedAt: number | null;
}

type Note =
  | { readonly took: Told['taken'][number] }
  | { readonly held: { readonly twice: number; readonly unclean: number } }
  | { readonly failed: string };

/** Lets the workers take and give back, kills one of them or their `owner` at it, and lets the others come to an end. */
export async function round(stage: Stage, run: Actor, victim: Victim | undefined, owner: () => number): Promise<Told> {
  const notes = join(stage.dir, 'notes');
  const workers = (await said(run, 'workers')).split(' ').map(Number);
  await until('something to be taken', () => (existsSync(notes) ? true : undefined));
  await pause(randomInt(SOON));
  let killedAt: number | null = null;
  // By hand a worker may have failed before, and then all may have.
  const alive = workers.filter(isRunning);
  const worker = alive[randomInt(Math.max(1, alive.length))];
  if (victim !== undefined && worker !== undefined) {
    process.kill(victim === 'owner' ? owner() : worker, 'SIGKILL');
    killedAt = Date.now();
  }
  await writeFile(join(stage.dir, 'stop'), '');
  // Those that outlive who started them keep its output open.
  await until('the workers to end', () => (workers.some(isRunning) ? undefined : true));
  await ended(run);
  const lines = readFileSync(notes, 'utf8').split('\n').filter(isWhole);
  await Promise.all(['notes', 'stop'].map((file) => rm(join(stage.dir, file))));
  return { ...told(lines.map((line) => JSON.parse(line) as Note)), killedAt };
}

/** Who is killed may leave half a line. */
const isWhole = (line: string): boolean => line.startsWith('{') && line.endsWith('}');

function told(notes: readonly Note[]): Omit<Told, 'killedAt'> {
  const held = notes.flatMap((note) => ('held' in note ? [note.held] : []));
  return {
    holds: held.length,
    twice: held.reduce((sum, { twice }) => sum + twice, 0),
    unclean: held.reduce((sum, { unclean }) => sum + unclean, 0),
    failures: notes.flatMap((note) => ('failed' in note ? [note.failed] : [])),
    taken: notes.flatMap((note) => ('took' in note ? [note.took] : [])),
  };
}

/** Processes, directories and ports that are still there `within` milliseconds after the end of all. */
export async function left(stage: Stage, taken: Told['taken'], within: number): Promise<readonly string[]> {
  const scope = { runtimeDir: stage.runtimeDir, projectDir: dirname(stage.dir) };
  const paths = new Set(taken.map(({ path }) => path));
  const ports = new Set(taken.flatMap((one) => one.ports));
  const look = async (): Promise<readonly string[]> => {
    const bound = await Promise.all([...ports].map(async (port) => ((await isFree(port)) ? [] : [`port ${port}`])));
    const processes = processesOf(scope).map(({ pid }) => `process ${pid}`);
    return [...processes, ...[...paths].filter(existsSync), ...bound.flat()];
  };
  const gone = until('everything to be gone', async () => ((await look()).length === 0 ? true : undefined), within);
  const rest = await gone.then(() => [], look);
  for (const { pid } of processesOf(scope)) stage.stray(pid);
  return rest;
}
