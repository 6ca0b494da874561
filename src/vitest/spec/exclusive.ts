import type { ResourceName } from '../../config/register.ts';
import { toFailure } from '../../protocol/failure.ts';
import { current } from '../worker/current.ts';
import { blocked, mistaken } from '../worker/say.ts';
import { NOT_JOINED } from './endpoint.ts';

export interface ExclusiveOptions {
  /** Milliseconds to wait for specs of other workers that use it, default 60 000. */
  readonly timeout?: number;
}

/**
 * Runs each spec of this file or `describe`, with its `beforeEach` and `afterEach`, while no spec of another worker uses
 * these resources: those in flight are waited for, those that need them are held until it is over.
 *
 * @throws NOT_JOINED; in the spec UNKNOWN_RESOURCE, and WAIT_TIMEOUT, which names who still uses them
 */
export function exclusive(names: ResourceName | readonly ResourceName[], options: ExclusiveOptions = {}): void {
  const { membership, test } = current;
  if (membership === undefined || test === undefined) throw mistaken(NOT_JOINED, exclusive);
  const { timeout = 60_000 } = options;
  test.aroundEach(async (run) => {
    if (!membership.joined) throw mistaken(NOT_JOINED);
    const turn = { begun: false };
    try {
      await membership.exclusively([names].flat(), timeout, () => {
        turn.begun = true;
        return run();
      });
    } catch (error) {
      throw turn.begun ? error : blocked(toFailure(error, 'COORDINATOR_LOST'));
    }
  }, NO_LIMIT);
}

/** Vitest's own limit on hooks is off: the wait has a deadline of its own. */
const NO_LIMIT = 0;
