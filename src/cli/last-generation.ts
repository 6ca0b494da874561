import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isLive } from '../client/discover.ts';
import { GreenroomError } from '../protocol/failure.ts';
import { liveGeneration, projectRoot } from './generation.ts';

/**
 * Where the generation that is up, or else the last one, has its logs.
 * @throws GreenroomError NOTHING_RUNNING when there has been none
 */
export function lastGeneration(config: string | undefined): { readonly dir: string; readonly lives: () => boolean } {
  const up = liveGeneration(config);
  if (up !== undefined) return { dir: up.logDir, lives: () => isLive(up) };
  const root = projectRoot(config);
  const all = join(root, '.greenroom', 'generations');
  const [dir] = directories(all).toSorted((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  if (dir !== undefined) return { dir, lives: () => false };
  throw new GreenroomError({
    code: 'NOTHING_RUNNING',
    message: `there has been no infrastructure for ${root} yet, so there is nothing to show`,
    hint: '`greenroom up` starts it',
  });
}

function directories(parent: string): string[] {
  try {
    const entries = readdirSync(parent, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(parent, name));
  } catch {
    return [];
  }
}
