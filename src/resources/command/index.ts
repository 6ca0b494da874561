/** `command`: a program of the user's own, as a service that keeps running or as a job that runs to completion. */
import type { Endpoint } from '../../protocol/plan.ts';
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
} from '../define.ts';
import type { EnvValues } from '../env.ts';
import type { Probe } from '../probes/define.ts';
import type { EffectiveOptions, FilesOptions, Place, PortPlace } from '../service-config/define.ts';

interface Program<N extends Needs, P extends Place> extends CommonOptions<N>, FilesOptions<N, P> {
  /** Program and arguments; never a shell string. */
  readonly run: readonly string[];
  /** Relative to the directory of the config file, which is the default. */
  readonly cwd?: string;
  /** On top of the environment that all resources get. A function is given the endpoints of `needs`, and its own place. */
  readonly env?: EnvValues | ((needs: EndpointsOf<N>, self: P) => EnvValues | Promise<EnvValues>);
  /** What asks it to end, default SIGTERM. */
  readonly stopSignal?: NodeJS.Signals;
}

/** A program that listens on a port. */
export interface ServiceOptions<N extends Needs, F extends string>
  extends
    Program<N, PortPlace>,
    EffectiveOptions<Address & Found<F>, N, PortPlace>,
    ScopeOptions<Address & Found<F>>,
    FlushOptions<Address & Found<F>, N>,
    HttpGatewayOptions,
    HealthOptions<Address & Found<F>> {
  readonly kind?: 'service';
  /**
   * The port it shall listen on, told to it as `PORT` and as `{port}` in arguments. Default `'auto'`: one that is
   * free; another one is tried when somebody was faster. A number: exactly that one, or the error PORT_TAKEN.
   */
  readonly port?: number | 'auto';
  /** Default: its port accepts connections. */
  readonly ready?: Probe<F>;
}

/** A program that is told no port. Only it knows when it is ready, so `ready` must say how to find out. */
export interface PortlessOptions<N extends Needs, F extends string>
  extends
    Program<N, Place>,
    EffectiveOptions<PortlessAddress<F>, N, Place>,
    ScopeOptions<PortlessAddress<F>>,
    FlushOptions<PortlessAddress<F>, N>,
    HttpGatewayOptions,
    HealthOptions<PortlessAddress<F>> {
  readonly kind?: 'service';
  readonly port: false;
  /** A log probe may tell the port it has chosen itself, in a group named `port`. */
  readonly ready: Probe<F>;
}

/** A program that has done its work when it ends with exit code 0: a migration, a seed. */
export interface JobOptions<N extends Needs> extends Program<N, Place> {
  readonly kind: 'job';
}

/** Where a service listens; always a literal address. */
export type Address = { readonly host: string; readonly port: number; readonly url: string };

/** What a log probe found, as fields of the endpoint. */
type Found<F extends string> = { readonly [K in Exclude<F, keyof Address>]: string };

/** An address only where the log probe has found a port. */
type PortlessAddress<F extends string> = 'port' extends F ? Address & Found<F> : Found<F>;

export function command<N extends Needs = Record<never, Resource>>(
  options: JobOptions<N>,
): Resource<Record<never, never>>;
export function command<N extends Needs = Record<never, Resource>, F extends string = never>(
  options: PortlessOptions<N, F>,
): Resource<PortlessAddress<F>>;
export function command<N extends Needs = Record<never, Resource>, F extends string = never>(
  options: ServiceOptions<N, F>,
): Resource<Address & Found<F>>;
export function command<N extends Needs>(
  options: JobOptions<N> | PortlessOptions<N, string> | ServiceOptions<N, string>,
): Resource {
  const { kind = 'service', ...rest } = options;
  return kind === 'job'
    ? defineResource<Endpoint>('job', rest, 'job')
    : defineResource<Endpoint>('command', { port: 'auto', ...rest });
}
