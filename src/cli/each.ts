/** `exec --each`: a pool of processes that take files one by one. */
import { glob } from 'node:fs/promises';
import { entry } from '../platform/entry.ts';
import { spawnShim } from '../platform/shim.ts';
import type { Attended } from './attend.ts';
import { commandEnv } from './environment.ts';
import type { Started } from './start-up.ts';

/** The files, sorted, relative to the working directory. */
export async function matchingFiles(pattern: string): Promise<string[]> {
  const files: string[] = [];
  for await (const file of glob(pattern)) files.push(file);
  return files.toSorted();
}

/**
 * The pool has a process of its own, under the shim like any command: it and its processes, with all they start, are
 * one process group, which gets the signals and which ends even when this process is killed.
 */
export function startPool(pattern: string, procs: number, { session, ready, run, grace }: Started): Attended {
  const shim = spawnShim({
    run: [process.execPath, entry('each-pool'), String(procs), pattern],
    env: commandEnv(session, ready, run),
    stdout: 'inherit',
    stderr: 'inherit',
    graceMs: grace,
    leaseFd: session.fd,
  });
  return { processes: [shim], lost: session.lost, shareTerminal: false };
}
