import type { ResourceName } from '../../config/register.ts';
import type { ChaosAct } from '../../protocol/messages.ts';
import { toFailure } from '../../protocol/failure.ts';
import { current } from '../worker/current.ts';
import { mistaken } from '../worker/say.ts';
import { NOT_JOINED } from './endpoint.ts';

/** What can be done to a resource, to see what its users make of it. Each resolves when it is done. */
export interface Chaos {
  /** Kills its processes (SIGKILL). */
  kill(): Promise<void>;
  /** Asks its processes to end, as their teardown does, and waits until they have. */
  stop(): Promise<void>;
  /** Stops its processes where they are (SIGSTOP). */
  pause(): Promise<void>;
  /** Lets paused processes go on (SIGCONT), and a restart that is due come now; `healed` waits for it. */
  heal(): Promise<void>;
}

/**
 * Breaks a resource on purpose. One that workers share must be had by `exclusive`; what a worker has of its own
 * (`scope: 'worker'`) need not be.
 *
 * @throws NOT_EXCLUSIVE, CHAOS_FAILED, UNKNOWN_RESOURCE, NOT_JOINED
 */
export function chaos(name: ResourceName): Chaos {
  const does = (act: ChaosAct) => async (): Promise<void> => {
    const { membership } = current;
    if (membership?.joined !== true) throw mistaken(NOT_JOINED, chaos);
    await membership.chaos(name, act).catch((error: unknown) => {
      throw mistaken(toFailure(error, 'COORDINATOR_LOST'));
    });
  };
  return { kill: does('kill'), stop: does('stop'), pause: does('pause'), heal: does('heal') };
}
