/** `custom`: a resource that functions of the user's own start and stop. */
import type { Endpoint, Json } from '../../protocol/plan.ts';
import {
  defineResource,
  type CommonOptions,
  type EndpointsOf,
  type FlushOptions,
  type HealthOptions,
  type HttpGatewayOptions,
  type Needs,
  type Resource,
  type ScopeOptions,
  type SliceOptions,
} from '../define.ts';

/** Both functions run in the config host, so that what they hold open lives as long as the resource. */
export interface CustomOptions<N extends Needs, E extends Endpoint>
  extends CommonOptions<N>, SliceOptions, ScopeOptions<E>, FlushOptions<E, N>, HttpGatewayOptions, HealthOptions<E> {
  /** Is given the endpoints of `needs`; returns its own endpoint, which must be JSON. */
  readonly start: (needs: EndpointsOf<N>) => Promise<E> | E;
  /** Is given what `start` returned, or undefined when `start` did not get to its end. */
  readonly stop?: (endpoint: E | undefined) => unknown;
  /** How a part of its own is made for who `slice` says; both functions run in the config host. */
  readonly slices?: {
    /** Is given what `start` returned, a name that is never used again, and the slot; returns the part's endpoint. */
    readonly make: (endpoint: E, part: { readonly name: string; readonly slot: number }) => Promise<E> | E;
    /** Is given the name, and what `make` returned, or null when it did not get to its end. */
    readonly drop?: (name: string, part: E | null) => unknown;
  };
}

export function custom<E extends { readonly [K in keyof E]: Json }, N extends Needs = Record<never, Resource>>(
  options: CustomOptions<N, E>,
): Resource<E> {
  return defineResource<E>('custom', { ...options });
}
