import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive, thisPlace } from '../platform/identity.ts';
import { runtimeDir } from '../platform/paths.ts';
import { newestGeneration, type FoundGeneration } from './generations.ts';

/**
 * All generations of a project root whose coordinator lives, whatever their key; newest first.
 *
 * @param base The runtime directory; a coordinator, whose environment is cleaned, says which.
 */
export function generationsOf(root: string, base: string = runtimeDir()): readonly FoundGeneration[] {
  return readdirSync(base, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap((entry) => newestGeneration(join(base, entry.name)) ?? [])
    .filter((generation) => generation.root === root && isLive(generation))
    .toSorted((a, b) => b.at - a.at);
}

/** Whether another machine wrote it into a directory that both use. A boot of its own does not prove that. */
export function isOfAnotherMachine({ boot, machine }: FoundGeneration): boolean {
  const here = thisPlace();
  return boot !== here.boot && machine !== here.machine;
}

/** Whether its coordinator still runs. From another pid namespace that cannot be seen, so it counts as live. */
export function isLive(generation: FoundGeneration): boolean {
  if (generation.stopped) return false;
  const here = thisPlace();
  if (generation.boot !== here.boot) return false;
  return generation.pidNamespace !== here.pidNamespace || isAlive(generation);
}
