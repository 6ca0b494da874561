import { isLive } from '../client/discover.ts';
import { generationDirs } from '../platform/project-dir.ts';
import { GreenroomError } from '../protocol/failure.ts';
import { liveGeneration, projectRoot } from './generation.ts';

/** A generation, alive or not. */
export interface LastGeneration {
  /** Where its logs are. */
  readonly dir: string;
  /** Its file in the runtime directory, if it is still there. */
  readonly file?: string;
  readonly lives: () => boolean;
}

/**
 * The generation that is up, or else the last one.
 * @throws GreenroomError NOTHING_RUNNING when there has been none
 */
export function lastGeneration(config: string | undefined): LastGeneration {
  const up = liveGeneration(config);
  if (up !== undefined) return { dir: up.logDir, file: up.file, lives: () => isLive(up) };
  const root = projectRoot(config);
  const [dir] = generationDirs(root);
  if (dir !== undefined) return { dir, lives: () => false };
  throw new GreenroomError({
    code: 'NOTHING_RUNNING',
    message: `there has been no infrastructure for ${root} yet, so there is nothing to show`,
    hint: '`greenroom up` starts it',
  });
}
