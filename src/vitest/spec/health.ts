import type { ResourceName } from '../../config/register.ts';
import { current } from '../worker/current.ts';
import { blocked, mistaken } from '../worker/say.ts';
import { toFailure } from '../../protocol/failure.ts';
import { NOT_JOINED } from './endpoint.ts';

export interface HealthWaitOptions {
  /** How often in this generation, default 1. */
  readonly atLeast?: number;
  /** Milliseconds, default 30 000. */
  readonly timeout?: number;
}

/**
 * Waits until a resource was healed so many times: until it is ready again after an incident. Returns how often it was.
 *
 * @throws UNKNOWN_RESOURCE, NOT_JOINED, WAIT_TIMEOUT
 */
export function healed(name: ResourceName, options: HealthWaitOptions = {}): Promise<number> {
  return wait(name, 'healed', options, healed);
}

/**
 * Waits until so many checks of a resource's health have ended. Returns how many have.
 *
 * @throws UNKNOWN_RESOURCE, NOT_JOINED, WAIT_TIMEOUT
 */
export function checked(name: ResourceName, options: HealthWaitOptions = {}): Promise<number> {
  return wait(name, 'checks', options, checked);
}

async function wait(
  resource: string,
  what: 'healed' | 'checks',
  { atLeast = 1, timeout = 30_000 }: HealthWaitOptions,
  asked: (...args: never[]) => unknown,
): Promise<number> {
  const { membership } = current;
  if (membership?.joined !== true) throw mistaken(NOT_JOINED, asked);
  try {
    return await membership.health({ resource, what, atLeast, timeout });
  } catch (error) {
    throw blocked(toFailure(error, 'COORDINATOR_LOST'));
  }
}
