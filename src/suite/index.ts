/**
 * What a suite module imports: Ginkgo's SynchronizedBeforeSuite and SynchronizedAfterSuite. The same module is
 * evaluated in the config host, which runs the `once` bodies, and in every worker, which runs the `each` bodies.
 */
import type { RegisteredEndpoints } from '../config/register.ts';
import type { Json } from '../protocol/plan.ts';
import { declareAfter, declareBefore } from './registry.ts';
import type { Body } from './bodies.ts';

export type { Body } from './bodies.ts';

/** What the `once` body of `synchronizedBeforeSuite` is given besides the endpoints. */
export interface OnceBody extends Body {
  /** Ends the body; every spec is skipped with this reason, and the run passes. */
  skip(reason: string): never;
}

/** How long an `each` body may take. Those of `once` are `startTimeout` and `stopTimeout` of the config's `suite`. */
export interface EachOptions {
  /** Milliseconds, default 60 000. */
  readonly timeout?: number;
}

/**
 * Sets up what all specs share. `once` runs in the config host, exactly once over all workers, processes and shards
 * of the generation; then `each` runs in every worker, before its first spec, with what `once` returned: a JSON value,
 * null for nothing.
 *
 * @throws GreenroomError CONFIG_INVALID when the suite module has called it already
 */
export function synchronizedBeforeSuite<T extends Json | void>(
  once: (endpoints: RegisteredEndpoints, body: OnceBody) => T | Promise<T>,
  each: (value: T extends void ? null : T, endpoints: RegisteredEndpoints, body: Body) => unknown = () => undefined,
  options: EachOptions = {},
): void {
  declareBefore({ once, each, options });
}

/**
 * Tears down what all specs shared. `each` runs in every worker at its end; `once` runs in the config host after the
 * last worker, whoever died.
 *
 * @throws GreenroomError CONFIG_INVALID when the suite module has called it already
 */
export function synchronizedAfterSuite(
  each: (endpoints: RegisteredEndpoints, body: Body) => unknown,
  once: (endpoints: RegisteredEndpoints, body: Body) => unknown = () => undefined,
  options: EachOptions = {},
): void {
  declareAfter({ once, each, options });
}
