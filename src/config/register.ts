import type { Endpoints } from '../protocol/plan.ts';
import type { EndpointsOf } from '../resources/define.ts';

/**
 * Types the specs of a project, when its config file says which config it is:
 * `declare module 'greenroom' { interface Register { config: typeof config } }`
 */
export interface Register {}

/** The config that is registered; without one, any. */
type RegisteredConfig = Register extends { readonly config: infer C } ? C : unknown;

/** Endpoints by resource name, as the registered config has them. */
export type RegisteredEndpoints = RegisteredConfig extends { readonly resources: infer R } ? EndpointsOf<R> : Endpoints;

/** Names of the resources of the registered config. */
export type ResourceName = Extract<keyof RegisteredEndpoints, string>;

/** Names of the gates of the registered config. */
export type GateName = RegisteredConfig extends { readonly gates?: infer G } ? keyof NonNullable<G> & string : string;
