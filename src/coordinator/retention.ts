import { lstatSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { generationsOf } from '../client/discover.ts';

const KEPT = 10;

/**
 * Empties the log directory of a generation that begins. Numbers count from 1 again when the runtime directory was
 * cleared, and what another life left there must not be taken for this one's. `coordinator.log` is open already.
 */
export function clearLogs(logDir: string): void {
  for (const name of readdirSync(logDir)) {
    if (name !== 'coordinator.log') rmSync(join(logDir, name), { recursive: true, force: true });
  }
}

/**
 * Removes the logs of all but the newest generations of this project; those of live ones stay. Another coordinator of
 * the project may be doing the same.
 */
export function pruneLogs(root: string, runtime: string, logDir: string): void {
  const base = dirname(logDir);
  const live = new Set(generationsOf(root, runtime).map((generation) => generation.logDir));
  const old = readdirSync(base)
    .map((name) => join(base, name))
    .filter((dir) => dir !== logDir && !live.has(dir))
    .map((dir) => ({ dir, at: lstatSync(dir, { throwIfNoEntry: false })?.mtimeMs ?? 0 }))
    .toSorted((a, b) => b.at - a.at)
    .slice(KEPT - 1);
  for (const { dir } of old) rmSync(dir, { recursive: true, force: true });
}
