import type { Failure } from '../../protocol/failure.ts';
import type { Welcome } from '../../protocol/messages.ts';
import { current } from '../worker/current.ts';
import { blocked, mistaken } from '../worker/say.ts';
import { NOT_JOINED } from './endpoint.ts';

const NO_SLOT: Failure = {
  code: 'NOT_JOINED',
  message: 'no selected spec file needs any infrastructure, so that this worker has no slot',
  hint: 'name a resource in `@needs` of the docblock, or leave the docblock out',
};

/**
 * What the coordinator has told this worker, its slot included.
 *
 * @param asked What the spec has called.
 * @throws NOT_JOINED, or why the infrastructure is not there
 */
export function seat(
  asked: (...args: never[]) => unknown,
): Welcome & { readonly slot: number; readonly lease: string } {
  const { membership } = current;
  const { welcome, failure } = membership ?? {};
  const { slot, lease } = welcome ?? {};
  if (welcome !== undefined && slot !== undefined && lease !== undefined) return { ...welcome, slot, lease };
  if (failure !== undefined) throw blocked(failure);
  throw mistaken(membership === undefined ? NOT_JOINED : NO_SLOT, asked);
}
