/** `custom`: a resource that functions of the user's own start and stop. */
import type { Endpoint, Json } from '../../protocol/plan.ts';
import { defineResource, type CommonOptions, type EndpointsOf, type Needs, type Resource } from '../define.ts';

/** Both functions run in the config host, so that what they hold open lives as long as the resource. */
export interface CustomOptions<N extends Needs, E extends Endpoint> extends CommonOptions<N> {
  /** Is given the endpoints of `needs`; returns its own endpoint, which must be JSON. */
  readonly start: (needs: EndpointsOf<N>) => Promise<E> | E;
  /** Is given what `start` returned, or undefined when `start` did not get to its end. */
  readonly stop?: (endpoint: E | undefined) => unknown;
}

export function custom<E extends { readonly [K in keyof E]: Json }, N extends Needs = Record<never, Resource>>(
  options: CustomOptions<N, E>,
): Resource<E> {
  return defineResource<E>('custom', { ...options });
}
