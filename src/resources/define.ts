/** What a user's config is made of: values that carry their endpoint's type. */
import type { Endpoint, SliceUnit } from '../protocol/plan.ts';
import type { Probe } from './probes/define.ts';

declare const ENDPOINT: unique symbol;

/** A resource value. `needs` takes these, and their endpoints' types flow from there. */
export interface Resource<E extends Endpoint = Endpoint> {
  readonly greenroom: 'resource';
  readonly kind: string;
  readonly type: 'service' | 'job';
  readonly needs: Needs;
  /** Who has a part of their own; without it, all share the whole. */
  readonly slice?: SliceUnit;
  /** `'base'`: what all share may need it although it is cut into slices, and sees the whole. */
  readonly shared?: 'base';
  /** `'worker'`: each worker has one of its own, beside what all share. */
  readonly scope?: 'worker';
  /** Its slices are ports of its gateway, in front of the whole. */
  readonly ports?: 'gateway';
  /** Of an endpoint of its own type; `never`, so that resources of all types are resources. */
  readonly reset?: (endpoint: never) => unknown;
  /** Kind-specific; may hold functions, which run in the config host. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Likewise. */
  readonly flush?: (endpoint: never, needs: never) => unknown;
  readonly startTimeout: number;
  readonly stopTimeout: number;
  readonly healthy?: Probe;
  readonly restart?: HealthOptions<never>['restart'];
  readonly heal?: HealthOptions<never>['heal'];
  /** Only a type: the endpoint it gives. */
  readonly [ENDPOINT]?: E;
}

/** alias → resource value. */
export type Needs = Readonly<Record<string, Resource>>;

/** The endpoint type of a resource value. */
export type EndpointOf<R> = R extends Resource<infer E> ? E : never;

/** What a function with `needs` is given: the endpoints by alias. */
export type EndpointsOf<N> = { readonly [A in keyof N]: EndpointOf<N[A]> };

/** Options every kind has; times in milliseconds. */
export interface CommonOptions<N extends Needs = Needs> {
  readonly needs?: N;
  /** From start to ready, default 60 000. */
  readonly startTimeout?: number;
  /** From stop signal to SIGKILL, default 10 000. */
  readonly stopTimeout?: number;
}

/** Kinds that can be cut into slices; `custom` says how by `slices`. */
export const SLICED_KINDS: ReadonlySet<string> = new Set(['custom', 'dir', 'mockLlm', 'ports', 'postgres', 'redis']);

/** Options of kinds that can be cut into slices. */
export interface SliceOptions {
  /**
   * Who has a part of their own: each worker as long as it lives, each spec file, or each spec. `'none'` (default):
   * all share the whole.
   */
  readonly slice?: SliceUnit | 'none';
  /** `'base'`: resources that all share may need this one; they see the whole, and not what is in the slices. */
  readonly shared?: 'base';
}

/** Kinds of which each worker can have one of its own. */
export const SCOPED_KINDS: ReadonlySet<string> = new Set(['command', 'container', 'custom', 'mockLlm']);

/** Kinds that a gateway can stand in front of, with what it takes them for. */
export const FRONTED_KINDS: ReadonlyMap<string, 'http' | 'tcp'> = new Map([
  ['command', 'http'],
  ['custom', 'http'],
  ['mockLlm', 'http'],
  ['postgres', 'tcp'],
  ['redis', 'tcp'],
]);

/** Options of kinds that a gateway can stand in front of, as an HTTP server. Times in milliseconds. */
export interface HttpGatewayOptions {
  /**
   * A process between its users and it, which records each exchange, knows whose it is, and can be told to spoil some of
   * them. Each worker has a port of its own there.
   */
  readonly gateway?: {
    /** How many requests are at the server at a time; the others wait in the gateway. Default: all. */
    readonly maxConcurrent?: number;
    /** How many may wait, default 1,000; more are answered 503. */
    readonly maxQueue?: number;
    /** How long one waits at most, default 30 000; then it is answered 503. */
    readonly queueTimeout?: number;
    /** Bytes of each body that are kept in the record, default 1,024. */
    readonly keepBodies?: number;
  };
}

/** The same for a server of any other protocol: its connections are recorded. */
export interface TcpGatewayOptions {
  readonly gateway?: Readonly<Record<never, never>>;
}

/** Kinds whose health is watched over. */
export const HEALED_KINDS: ReadonlySet<string> = new Set([
  'command',
  'container',
  'custom',
  'mockLlm',
  'postgres',
  'redis',
]);

/** Options of kinds whose health is watched over. Times in milliseconds. */
export interface HealthOptions<E> {
  /**
   * Asked every `interval` (default 1,000) while it is ready. What does not pass twice is brought back. Default: it is
   * asked only when a spec fails, by `ready` or by what its kind can be asked.
   */
  readonly healthy?: Probe;
  /**
   * How it is brought back, in its place: `max` times (default 3) in ten minutes, the first time at once, later after
   * `backoff` (default 250), twice as long each time. Specs that need it are held meanwhile, for `timeout` at most
   * (default: `startTimeout`). `false`: what is lost has failed.
   */
  readonly restart?: false | { readonly max?: number; readonly backoff?: number; readonly timeout?: number };
  /** Tried before each restart, within `startTimeout`; it is restarted only when it is not well after that. */
  readonly heal?: (endpoint: E, why: { readonly code: string; readonly message: string }) => unknown;
}

/** Options of kinds of which each worker can have one of its own. */
export interface ScopeOptions<E> {
  /**
   * `'worker'`: one for each worker, which sees that worker's slices of what it needs. `'shared'` (default): one for
   * all.
   */
  readonly scope?: 'shared' | 'worker';
  /**
   * With `scope: 'worker'`: makes it as new, within `startTimeout`, so that the next worker in its slot can have it.
   * Without it, that worker gets a new one. Runs in the config host.
   */
  readonly reset?: (endpoint: E) => unknown;
}

/** Kinds that keep what they are sent, and so can be flushed. */
export const FLUSHED_KINDS: ReadonlySet<string> = new Set(['command', 'container', 'custom']);

/** What a `flush` function can say of what it did. */
export interface Flushed {
  /** How many the resource has accepted. */
  readonly accepted: number;
  /** How many of them are stored. */
  readonly stored: number;
}

/** Options of kinds that keep what they are sent. */
export interface FlushOptions<E, N extends Needs = Needs> {
  /**
   * Has the resource store what it has accepted, before it is torn down, within `stopTimeout`. Runs in the config host.
   * Where the numbers that it returns differ, and where it fails, that is told by name.
   */
  readonly flush?: (
    endpoint: E,
    needs: EndpointsOf<N>,
  ) => Promise<Flushed | null | undefined | void> | Flushed | null | undefined | void;
}

/** Builds a resource value; used by the kinds. */
export function defineResource<E extends Endpoint>(
  kind: string,
  options: CommonOptions & SliceOptions & Pick<ScopeOptions<never>, 'scope'> & Readonly<Record<string, unknown>>,
  type: 'service' | 'job' = 'service',
): Resource<E> {
  const { needs = {}, slice = 'none', scope = 'shared', ...others } = options;
  // Each worker has a port of the gateway, by which its requests are known. Behind all of them is one server.
  const ports = FRONTED_KINDS.has(kind) && others['gateway'] !== undefined && slice === 'none' && scope === 'shared';
  const { shared = ports ? 'base' : undefined, ...unshared } = others;
  const { startTimeout = 60_000, stopTimeout = 10_000, ...own } = unshared;
  const { reset, flush, healthy, restart, heal, ...rest } = own;
  // Kinds that each worker cannot have of its own may mean something else by it.
  const scoped = SCOPED_KINDS.has(kind);
  const flushes = FLUSHED_KINDS.has(kind);
  const healed = HEALED_KINDS.has(kind);
  return {
    greenroom: 'resource',
    kind,
    type,
    needs,
    options: {
      ...rest,
      ...(scoped || reset === undefined ? {} : { reset }),
      ...(flushes || flush === undefined ? {} : { flush }),
      ...(healed ? {} : definedOf({ healthy, restart, heal })),
    },
    ...(slice === 'none' ? {} : { slice }),
    ...(ports ? { slice: 'worker' as const, ports: 'gateway' as const } : {}),
    ...(shared === undefined ? {} : { shared }),
    ...(scope === 'shared' ? {} : { scope, slice: slice === 'none' ? 'worker' : slice }),
    ...(scoped && reset !== undefined ? { reset: reset as (endpoint: never) => unknown } : {}),
    ...(healed ? definedOf({ healthy, restart, heal } as HealthOptions<never>) : {}),
    ...(flushes && flush !== undefined ? { flush: flush as (endpoint: never, needs: never) => unknown } : {}),
    startTimeout,
    stopTimeout,
  };
}

function definedOf<T extends object>(record: T): Partial<T> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as Partial<T>;
}
