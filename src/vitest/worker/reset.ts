import { toFailure } from '../../protocol/failure.ts';
import type { FileMembership } from './membership.ts';
import { plain } from './say.ts';

/** Specs of this worker that run. */
let running = 0;

/**
 * Runs a spec, and brings back what it has changed, where the config says so. Specs that run at the same time share
 * what they have, so that it is brought back after the last of them.
 *
 * @throws Error that says why it could not be
 */
export async function withReset(membership: FileMembership, run: () => Promise<void>): Promise<void> {
  running += 1;
  try {
    await run();
  } finally {
    running -= 1;
    if (running === 0 && membership.lost === undefined) {
      await membership.reset().catch((error: unknown) => {
        const failure = toFailure(error, 'COORDINATOR_LOST');
        throw plain(failure, `${failure.message} [${failure.code}]`);
      });
    }
  }
}
