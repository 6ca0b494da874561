/** Which generation a command speaks of that starts none itself. */
import { generationsOf } from '../client/discover.ts';
import { type FoundGeneration, readGeneration } from '../client/generations.ts';
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

/** The generation this process was started on (`GREENROOM_FILE`), else the project's; of several, the last started. */
export function currentGeneration(config: string | undefined): FoundGeneration {
  const { GREENROOM_FILE: file } = process.env;
  if (file !== undefined && file !== '')
    return readGeneration(file) ?? nothingRunning(`according to GREENROOM_FILE, ${file}`);
  const root = projectRoot(config);
  const [last] = generationsOf(root);
  return last ?? nothingRunning(`for ${root}`);
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
