/** The two tasks of a bundle that are real work, in processes of their own. */
import { availableParallelism } from 'node:os';
import { Tinypool } from 'tinypool';
import { entry } from '../platform/entry.ts';
import type { Range } from './windows.ts';

/** Logs that are worked on at a time, at most. */
const MOST_PROCESSES = 4;

/** Parts of a file, to be copied without secrets. */
export interface CopyTask {
  readonly source: string;
  readonly target: string;
  readonly ranges: readonly Range[];
  /** Masked wherever they stand. */
  readonly secrets: readonly string[];
}

export type Copy = (task: CopyTask) => Promise<void>;

export interface PackTask {
  readonly dir: string;
  readonly archive: string;
}

export interface GatherWorkers extends AsyncDisposable {
  readonly copy: Copy;
  /** Returns the archive's size in bytes. */
  pack(task: PackTask): Promise<number>;
}

/** Starts them. One that hangs at a task ends with the others. */
export function startWorkers(): GatherWorkers {
  const pool = new Tinypool({
    filename: entry('gather-task'),
    runtime: 'child_process',
    minThreads: 1,
    // A log that hangs must not keep the others waiting on a machine with one processor.
    maxThreads: Math.min(MOST_PROCESSES, availableParallelism() + 1),
    env: process.env as Record<string, string>,
  });
  return {
    copy: (task) => pool.run(task, { name: 'copy' }) as Promise<void>,
    pack: (task) => pool.run(task, { name: 'pack' }) as Promise<number>,
    [Symbol.asyncDispose]: () => pool.destroy(),
  };
}
