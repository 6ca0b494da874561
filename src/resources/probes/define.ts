/** The probes a user writes in the config. Plain data; functions and regular expressions in it stay where they are. */
import type { ProbeTiming } from '../../protocol/plan.ts';

declare const FIELDS: unique symbol;

/**
 * Judges what an HTTP probe got. True, or a number above 0, opens; a number is the generation that
 * `waitForGate(name, { atLeast })` compares.
 */
// oxlint-disable-next-line typescript/no-explicit-any -- what a server sends has no type that we could know
type JsonPredicate = (body: any) => boolean | number;

/**
 * A check of your own, run in the config host. It is given the endpoints of `needs` by alias, and the endpoint of
 * the resource it stands in (nothing in a gate). What it throws counts as "not yet".
 */
// oxlint-disable-next-line typescript/no-explicit-any -- a probe does not know the `needs` of where it stands
export type Check = (needs: any, self?: any) => boolean | number | Promise<boolean | number>;

type Shape =
  | { readonly probe: 'tcp'; readonly of?: string; readonly port?: number }
  | {
      readonly probe: 'http';
      readonly of?: string;
      readonly path: string;
      readonly status?: number;
      readonly header?: readonly [name: string, value: string];
      readonly json?: JsonPredicate;
    }
  | { readonly probe: 'exec'; readonly run: readonly string[] }
  | { readonly probe: 'log'; readonly pattern: RegExp }
  | { readonly probe: 'sql'; readonly of?: string; readonly query: string }
  | { readonly probe: 'redis'; readonly of?: string }
  | { readonly probe: 'function'; readonly check: Check }
  | { readonly probe: 'capacity'; readonly of: string; readonly path: string; readonly connectionsPerWorker: number }
  | { readonly probe: 'all' | 'any'; readonly of: readonly Probe[] };

/**
 * One check of a resource. `F` are the names of the fields it adds to the resource's endpoint. They stand in a
 * function's type: of a bare optional `never`, nothing is left to infer without `exactOptionalPropertyTypes`.
 */
export type Probe<F extends string = string> = ProbeTiming & Shape & { readonly [FIELDS]?: () => F };

/** What an HTTP probe may ask for besides a status of 2xx. */
interface HttpOptions extends ProbeTiming {
  /** Exactly this status; default: any from 200 to 299. */
  readonly status?: number;
  /** A header the answer must have, with exactly this value. */
  readonly header?: readonly [name: string, value: string];
  readonly json?: JsonPredicate;
}

type HttpExpectation = JsonPredicate | HttpOptions;

/**
 * A TCP connection is accepted.
 *
 * @param of Alias of another resource in `needs`; without it, the resource itself.
 */
export function tcp(of?: string, options: ProbeTiming & { readonly port?: number } = {}): Probe<never> {
  return { probe: 'tcp', ...about(of), ...options };
}

/** A GET is answered with 2xx, or as the predicate or the options say: `http('/health')`, `http('api', '/health')`. */
export function http(path: string, expect?: HttpExpectation): Probe<never>;
export function http(of: string, path: string, expect?: HttpExpectation): Probe<never>;
export function http(first: string, second?: string | HttpExpectation, third?: HttpExpectation): Probe<never> {
  const [of, path, expect] = typeof second === 'string' ? [first, second, third] : [undefined, first, second];
  const options = typeof expect === 'function' ? { json: expect } : expect;
  return { probe: 'http', ...about(of), path, ...options };
}

/** A program, run in the project's root with `PORT` set, ends with exit code 0. `{port}` in an argument is replaced. */
export function exec(run: readonly string[], timing: ProbeTiming = {}): Probe<never> {
  return { probe: 'exec', run, ...timing };
}

/**
 * A whole line of the resource's log matches. Named groups become fields of its endpoint; name them once more as the
 * type argument to have them typed: `log<'token'>(/token=(?<token>\S+)/)`.
 */
export function log<F extends string = never>(pattern: RegExp, timing: ProbeTiming = {}): Probe<F> {
  return { probe: 'log', pattern, ...timing };
}

/** A query works, and its first value is true or a number above 0: `sql('select 1')`, `sql('db', 'select …')`. */
export function sql(query: string, timing?: ProbeTiming): Probe<never>;
export function sql(of: string, query: string, timing?: ProbeTiming): Probe<never>;
export function sql(first: string, second?: string | ProbeTiming, third?: ProbeTiming): Probe<never> {
  return typeof second === 'string'
    ? { probe: 'sql', of: first, query: second, ...third }
    : { probe: 'sql', query: first, ...second };
}

/** A Redis server answers PING. */
export function redis(of?: string, timing: ProbeTiming = {}): Probe<never> {
  return { probe: 'redis', ...about(of), ...timing };
}

/** A function of your own answers true, or a number above 0. */
export function check(fn: Check, timing: ProbeTiming = {}): Probe<never> {
  return { probe: 'function', check: fn, ...timing };
}

/**
 * For a gate: a GET is answered on as many connections at once as the workers of the run open, before the first spec
 * and again for a run with more workers: `capacity('api', '/health')`. A health check asks on one connection, and so
 * it passes on a server that serves one at a time. When there are fewer, the run stops with INFRA_CAPACITY.
 *
 * @param connectionsPerWorker Default 2: a client opens a second connection while the first is kept alive.
 */
export function capacity(of: string, path: string, { connectionsPerWorker = 2 } = {}): Probe<never> {
  return { probe: 'capacity', of, path, connectionsPerWorker };
}

/** Each of the probes has passed once. */
export function all<P extends readonly Probe[]>(...of: P): Probe<FieldsOf<P[number]>> {
  return { probe: 'all', of };
}

/** One of the probes has passed. */
export function any(...of: readonly Probe[]): Probe<never> {
  return { probe: 'any', of };
}

/** Names of the fields a probe adds. */
export type FieldsOf<P> = P extends Probe<infer F> ? F : never;

function about(of: string | undefined): { readonly of?: string } {
  return of === undefined ? {} : { of };
}
