/** What `greenroom.config.ts` is made of. Types and identity functions only: whatever imports a config loads this. */
import type { Budgets } from '../protocol/plan.ts';
import type { EndpointsOf, Needs, Resource } from '../resources/define.ts';
import type { EnvValues } from '../resources/env.ts';
import type { Probe } from '../resources/probes/define.ts';

/** Resource name → resource value. */
export type Resources = Readonly<Record<string, Resource>>;

/** A named condition that specs wait for: everything in `needs` is ready, then the probe passes. */
export interface Gate<N extends Needs = Needs> {
  readonly greenroom: 'gate';
  readonly needs: N;
  readonly probe?: Probe;
  /** Milliseconds a member waits for it at most. */
  readonly timeout: number;
}

/** Gate name → gate value. */
export type Gates = Readonly<Record<string, Gate>>;

/** The module whose `synchronizedBeforeSuite` and `synchronizedAfterSuite` bracket the specs of a Vitest suite. */
export interface SuiteOptions<N extends Needs = Needs> {
  /** Relative to the directory of the config. Imported by Node in the config host, and by Vite in every worker. */
  readonly module: string;
  /** What its `once` bodies are given, default: all resources. */
  readonly needs?: N;
  /** Milliseconds that the first `once` body may take, default 60 000. */
  readonly startTimeout?: number;
  /** Milliseconds that the final `once` body, and each clean-up, may take, default 10 000. */
  readonly stopTimeout?: number;
}

/** The default export of `greenroom.config.ts`; times in milliseconds. */
export interface Config<R extends Resources = Resources, G extends Gates = Gates> {
  readonly resources: R;
  readonly gates?: G;
  readonly suite?: SuiteOptions;
  /** What specs see in `process.env`. Entries over resources that a run did not start are left out. */
  readonly env?: EnvValues | ((endpoints: EndpointsOf<R>) => EnvValues | Promise<EnvValues>);
  /** How long the infrastructure stays after its last user, default 2 000; 0: not at all. */
  readonly linger?: number;
  /** After how long a frozen member (kernel state T) loses its lease, default 300 000. */
  readonly leaseTimeout?: number;
  /** Time `greenroom run` leaves between one level of a stop signal and the next, default 10 000. */
  readonly grace?: number;
  /** How many workers a run has at most, for budgets. */
  readonly workers?: number;
  /**
   * How long the parts of a run are meant to take. Before one of them is spent it is told what it is spent on; it ends
   * nothing.
   */
  readonly budgets?: Budgets;
  /** Joins infrastructure on purpose, or separates it: stands in for the directory and the contents. */
  readonly key?: string;
  /** Globs of files the infrastructure is made from besides the config and its relative imports. */
  readonly inputs?: readonly string[];
  /** Names of environment variables that resources see and that make for other infrastructure when they differ. */
  readonly passEnv?: readonly string[];
}

/** Types a config; returns it as it is. */
export function defineConfig<R extends Resources, G extends Gates = Record<never, Gate>>(
  config: Config<R, G>,
): Config<R, G> {
  return config;
}

/**
 * A condition that specs wait for.
 * @param options `timeout` in milliseconds, default 60 000.
 */
export function gate<N extends Needs = Record<never, Resource>>(options: {
  readonly needs?: N;
  readonly probe?: Probe;
  readonly timeout?: number;
}): Gate<N> {
  const { needs = {} as N, timeout = 60_000, ...rest } = options;
  return { greenroom: 'gate', needs, timeout, ...rest };
}
