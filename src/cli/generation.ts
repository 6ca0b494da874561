/** Which generation a command speaks of that starts none itself. */
import { dirname } from 'node:path';
import { generationsOf, isLive } from '../client/discover.ts';
import { type FoundGeneration, newestGeneration } from '../client/generations.ts';
import { observe as connect } from '../client/join.ts';
import type { Session } from '../client/session.ts';
import { findConfig } from '../config/find.ts';
import type { State } from '../coordinator/state.ts';
import { GreenroomError } from '../protocol/failure.ts';
import { answered } from './answered.ts';

/** Real path of the directory of the config file. The config itself is not read: it may be broken by now. */
export function projectRoot(config: string | undefined): string {
  return findConfig(process.cwd(), config).root;
}

/**
 * The project's generation that is up; of several, the one this process was started on, else the last started.
 * Outside of any project it is the one this process was started on.
 */
export function liveGeneration(config: string | undefined): FoundGeneration | undefined {
  const { GREENROOM_FILE: file = '' } = process.env;
  // Not the very generation of the file: that may be gone, and another have come after it.
  const newest = file === '' ? undefined : newestGeneration(dirname(file));
  const own = newest !== undefined && isLive(newest) ? newest : undefined;
  if (own !== undefined && config === undefined && !hasProject()) return own;
  const root = projectRoot(config);
  return own?.root === root ? own : generationsOf(root)[0];
}

/** @throws GreenroomError NOTHING_RUNNING */
export function currentGeneration(config: string | undefined): FoundGeneration {
  return liveGeneration(config) ?? nothingRunning(`for ${projectRoot(config)}`);
}

function hasProject(): boolean {
  try {
    projectRoot(undefined);
    return true;
  } catch {
    return false;
  }
}

/**
 * Connects without a lease, and asks for the state.
 * @throws GreenroomError NOTHING_RUNNING when it has ended meanwhile
 */
export async function observe(generation: FoundGeneration): Promise<{ session: Session; state: State }> {
  const session = (await connect(generation)) ?? nothingRunning(`any more: ${generation.file}`);
  const state = (await answered('for its state', session.status())) as State;
  return { session, state };
}

function nothingRunning(where: string): never {
  throw new GreenroomError({
    code: 'NOTHING_RUNNING',
    message: `no infrastructure is up ${where}`,
    hint: '`greenroom up` starts it',
  });
}
