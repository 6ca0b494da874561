/**
 * Name of the resource that stands for the suite module: its start is the first `once` body, its stop the final one.
 * Only who asks for it by name gets it: `up` and other commands do without.
 */
export const SUITE = 'suite';

/** JSON, as it crosses the socket. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Stands in the plan where the config has a function; the config host finds it by this path. */
export interface FunctionRef {
  readonly $function: string;
}

/** Stands in the plan where the config has a regular expression. */
export interface RegExpRef {
  readonly $regexp: { readonly source: string; readonly flags: string };
}

/** How often and how long a probe is asked; all times in milliseconds. */
export interface ProbeTiming {
  /** Fixed pause between tries. Without it: 1 % of the time waited so far, between 5 and 250 ms. */
  readonly interval?: number;
  /** Limit of one try, default 2 000. */
  readonly timeout?: number;
  /** During this time failures of a try are not even reported, default 0. */
  readonly startPeriod?: number;
}

/** How many connections at once a server answers; a gate's whole probe. Its generation is the number of workers. */
export interface CapacityPlan {
  readonly probe: 'capacity';
  readonly of: string;
  readonly path: string;
  readonly connectionsPerWorker: number;
}

/** One check of a resource, as data. `of` names another resource (by alias); without it, the resource itself. */
export type ProbePlan = ProbeTiming &
  (
    | { readonly probe: 'tcp'; readonly of?: string; readonly port?: number }
    | {
        readonly probe: 'http';
        readonly of?: string;
        readonly path: string;
        readonly status?: number;
        readonly header?: readonly [string, string];
        readonly json?: FunctionRef;
        /** The answer's body becomes the field `body`. */
        readonly keep?: true;
      }
    | { readonly probe: 'exec'; readonly run: readonly string[] }
    | { readonly probe: 'log'; readonly pattern: RegExpRef }
    | { readonly probe: 'sql'; readonly of?: string; readonly query: string }
    | { readonly probe: 'redis'; readonly of?: string }
    | { readonly probe: 'function'; readonly check: FunctionRef }
    | CapacityPlan
    | { readonly probe: 'all'; readonly of: readonly ProbePlan[] }
    | { readonly probe: 'any'; readonly of: readonly ProbePlan[] }
  );

/** How long a slice is somebody's own: a worker's as long as its lease, a file's or a spec's as long as that runs. */
export type SliceUnit = 'worker' | 'file' | 'test';

/** How what was lost while in use is brought back; times in milliseconds. */
export interface RestartPlan {
  /** How often within ten minutes. */
  readonly max: number;
  /** Before the second restart; twice as long before each further one. */
  readonly backoff: number;
  /** From the first sign until it must be healthy again: so long those who need it are held. */
  readonly timeout: number;
}

/** A resource, as the coordinator knows it. */
export interface ResourcePlan {
  readonly kind: string;
  /** `service` keeps running, `job` runs to completion. */
  readonly type: 'service' | 'job';
  /** alias → resource name. */
  readonly needs: Readonly<Record<string, string>>;
  /** What the kind's own driver reads; its schema is the kind's. */
  readonly options: Readonly<Record<string, Json>>;
  /** Each slot gets a part of its own; without it, all share the whole. */
  readonly slice?: SliceUnit;
  /** A part is not cut out of a whole: each slot has the resource itself. `slice` is then `worker`. */
  readonly scope?: 'worker';
  /** Its slices are ports of its gateway, in front of the whole. */
  readonly ports?: 'gateway';
  /** Makes a slot's resource as new for the slot's next holder; without it, it is started anew. */
  readonly reset?: FunctionRef;
  /** Asked again and again while it is ready. */
  readonly healthy?: ProbePlan;
  /** Without it, what is lost has failed for good. */
  readonly restart?: RestartPlan;
  /** Tried before a restart. */
  readonly heal?: FunctionRef;
  /** Has it store what it has accepted, before it is torn down. */
  readonly flush?: FunctionRef;
  /** Milliseconds from start to ready, and to make a slice. */
  readonly startTimeout: number;
  /** Milliseconds from stop signal to SIGKILL. */
  readonly stopTimeout: number;
}

/** A named condition that specs wait for. */
export interface GatePlan {
  /** alias → resource name. */
  readonly needs: Readonly<Record<string, string>>;
  readonly probe?: ProbePlan;
  /** Milliseconds a member waits for it at most. */
  readonly timeout: number;
}

/** Milliseconds that who waits for what is ready is held at most, because others have it exclusively. */
export const HELD_MS = 60_000;

/** Milliseconds that a teardown can take: it is flushed first, with as much time as stopping has. */
export function teardownMs({ stopTimeout, flush }: Pick<ResourcePlan, 'stopTimeout' | 'flush'>): number {
  return flush === undefined ? stopTimeout : 2 * stopTimeout;
}

/** Milliseconds that flushing everything can take. */
export function flushMs({ resources }: Pick<Plan, 'resources'>): number {
  const flushed = Object.values(resources).filter(({ flush }) => flush !== undefined);
  return flushed.reduce((sum, { stopTimeout }) => sum + stopTimeout, 0);
}

/** Milliseconds that parts of a run are meant to take. They end nothing: what is spent is told, and on what. */
export interface Budgets {
  /** Until all images are there. */
  readonly build?: number;
  /** From there until all is ready. */
  readonly start?: number;
  /** From there to the end of the specs, or of the command. */
  readonly specs?: number;
  /** From the decision to stop until all is down. */
  readonly teardown?: number;
}

/** The whole config as JSON: what the coordinator is started with. */
export interface Plan {
  readonly key: string;
  /** Hash over what the key covers, without the path: tells two configs under one explicit key apart. */
  readonly configHash: string;
  readonly configFile: string;
  /** Real path of the directory of the config file. */
  readonly root: string;
  /** Milliseconds a generation stays after its last lease. */
  readonly linger: number;
  /** Milliseconds after which a frozen member's lease is revoked. */
  readonly leaseTimeout: number;
  /** Environment that services and the config host start with: cleaned, plus declared names. */
  readonly env: Readonly<Record<string, string>>;
  readonly resources: Readonly<Record<string, ResourcePlan>>;
  readonly gates: Readonly<Record<string, GatePlan>>;
  /** How many workers a run has at most, for budgets; no part of the key. */
  readonly workers?: number;
  /** No part of the key either. */
  readonly budgets?: Budgets;
  /** Absolute path of the suite module; its resource is called `suite`. */
  readonly suiteModule?: string;
  /** The user's mapping from endpoints to what specs see in `process.env`. */
  readonly specEnv?: FunctionRef | Readonly<Record<string, string>>;
}

/** What a user of a ready resource needs. Always literal addresses, never `localhost`. */
export interface Endpoint {
  readonly host?: string;
  readonly port?: number;
  readonly url?: string;
  readonly [field: string]: Json | undefined;
}

/** resource name → endpoint. */
export type Endpoints = Readonly<Record<string, Endpoint>>;
