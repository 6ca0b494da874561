import { lstatSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Removes all but the `kept` newest entries of a directory. `spared` stay whatever their age, beside those. Another
 * process may be doing the same.
 */
export function keepNewest(directory: string, kept: number, spared: ReadonlySet<string>): void {
  const old = readdirSync(directory)
    .map((name) => join(directory, name))
    .filter((path) => !spared.has(path))
    .map((path) => ({ path, at: lstatSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0 }))
    .toSorted((a, b) => b.at - a.at)
    .slice(kept);
  for (const { path } of old) rmSync(path, { recursive: true, force: true });
}
