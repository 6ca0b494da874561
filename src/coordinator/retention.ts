import { readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { generationsOf } from '../client/discover.ts';
import { keepNewest } from '../platform/keep-newest.ts';

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

/** Removes the logs of all but the newest generations of this project; those of live ones stay. */
export function pruneLogs(root: string, runtime: string, logDir: string): void {
  const live = generationsOf(root, runtime).map((generation) => generation.logDir);
  keepNewest(dirname(logDir), KEPT - 1, new Set([logDir, ...live]));
}
