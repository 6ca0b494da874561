import { dirname } from 'node:path';
import { GreenroomError } from '../protocol/failure.ts';
import { attempt } from './connection.ts';
import { newestGeneration, readGeneration } from './generations.ts';
import type { Session } from './session.ts';

const RETRY_MS = 10;

/**
 * Joins as a worker: a lease with a slot. Asks the generation that `file` (`GREENROOM_FILE`) names; when that one is
 * gone, the newest in its directory. Never starts a coordinator.
 *
 * @param me `lease`: takes part in a lease of the run (`GREENROOM_LEASE`); `timeout`: milliseconds until it gives up,
 *   default 10 000
 * @throws GreenroomError COORDINATOR_LOST when nobody answers by then.
 */
export async function connectWorker(
  file: string,
  me: { run: string; lease?: string; timeout?: number },
): Promise<Session> {
  const { timeout = 10_000, ...who } = me;
  const deadline = Date.now() + timeout;
  for (let generation = readGeneration(file); ; generation = newestGeneration(dirname(file))) {
    if (generation && !generation.stopped) {
      const result = await attempt(generation, { role: 'worker', ...who }, Math.max(1, deadline - Date.now()));
      if (result.outcome === 'joined') return result.session;
      if (result.outcome === 'refused') throw new GreenroomError(result.failure);
    }
    if (Date.now() + RETRY_MS >= deadline) throw nobody(file, timeout);
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}

function nobody(file: string, timeout: number): GreenroomError {
  return new GreenroomError({
    code: 'COORDINATOR_LOST',
    message: `no coordinator answered within ${timeout} ms in ${dirname(file)}`,
    hint: 'the infrastructure of this run is gone; see .greenroom/generations for its logs',
  });
}
