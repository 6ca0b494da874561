/** `container`: a server, or a job, that runs in a container of podman or docker. */
import {
  defineResource,
  type CommonOptions,
  type EndpointsOf,
  type FlushOptions,
  type HealthOptions,
  type Needs,
  type Resource,
  type ScopeOptions,
} from '../define.ts';
import type { Endpoint } from '../../protocol/plan.ts';
import type { EnvValues } from '../env.ts';
import type { ImageEndpoint } from '../image/index.ts';
import type { Probe } from '../probes/define.ts';
import type { EffectiveOptions, FilesOptions, Place, PortPlace } from '../service-config/define.ts';

/** What is mounted at a path in the container. */
export type Volume =
  /** A volume of this name that all runs of the project share, and that stays: for caches. */
  | { readonly cache: string }
  /** A file or directory of this machine, relative to the config file. `relabel`: for SELinux, as `:z`. */
  | { readonly bind: string; readonly readOnly?: boolean; readonly relabel?: boolean }
  /** In memory, at most so large: `64m`, `2g`. */
  | { readonly tmpfs: string };

/** What processes of the host are told; what other containers are told differs in host and port. */
export type ContainerEndpoint = {
  /** Always 127.0.0.1. */
  readonly host: string;
  readonly port: number;
  readonly url: string;
  /** Where its other ports are, by the names that the config has for them. */
  readonly ports: Readonly<Record<string, number>>;
};

interface Contained<N extends Needs, P extends Place> extends CommonOptions<N>, FilesOptions<N, P> {
  /** The name of one that is there or can be pulled, or one that is built: `image({ context: '.' })`. */
  readonly image: string | Resource<ImageEndpoint>;
  /** In place of the image's own command; never a shell string. */
  readonly command?: readonly string[];
  readonly entrypoint?: readonly string[];
  /** A function is given the endpoints of `needs`, as the container reaches them, and its own place in the container. */
  readonly env?: EnvValues | ((needs: EndpointsOf<N>, self: P) => EnvValues | Promise<EnvValues>);
  /** Path in the container → what is there. */
  readonly volumes?: Readonly<Record<string, Volume>>;
  /** Who its processes run as: a name or a number in the container, with `:group`. */
  readonly user?: string;
  /** The most memory that it gets: `512m`, `2g`. */
  readonly memory?: string;
  /** The most processors that it gets. */
  readonly cpus?: number;
  /** What asks it to end, default SIGTERM. */
  readonly stopSignal?: NodeJS.Signals;
  /** A network that is there, in place of the one that all containers of a generation share. */
  readonly network?: string;
}

export interface ContainerOptions<N extends Needs>
  extends
    Contained<N, PortPlace>,
    EffectiveOptions<ContainerEndpoint, N, PortPlace>,
    ScopeOptions<ContainerEndpoint>,
    FlushOptions<ContainerEndpoint, N>,
    HealthOptions<ContainerEndpoint> {
  readonly kind?: 'service';
  /** The port that it listens on, in the container. */
  readonly port: number;
  /** Others, by name. */
  readonly ports?: Readonly<Record<string, number>>;
  /** Of its endpoint, with `{host}` and `{port}` in it. Default: `http://{host}:{port}`. */
  readonly url?: string;
  /** Default: its port accepts connections. It is asked from outside of the container. */
  readonly ready?: Probe;
  /** A command in the container that must pass as well, such as `['pg_isready']`; `true`: the image's own health check. */
  readonly healthCheck?: true | readonly string[];
}

/** A container that has done its work when it ends with exit code 0: a migration, a seed. */
export interface ContainerJobOptions<N extends Needs> extends Contained<N, Place> {
  readonly kind: 'job';
}

/** What the image is called among the needs of its container. */
const IMAGE = 'containerImage';

export function container<N extends Needs = Record<never, Resource>>(
  options: ContainerJobOptions<N>,
): Resource<Record<never, never>>;
export function container<N extends Needs = Record<never, Resource>>(
  options: ContainerOptions<N>,
): Resource<ContainerEndpoint>;
export function container<N extends Needs>(options: ContainerJobOptions<N> | ContainerOptions<N>): Resource {
  const { kind = 'service', image, needs, ...rest } = options;
  const all = {
    ...rest,
    image: typeof image === 'string' ? image : { need: IMAGE },
    needs: { ...needs, ...(typeof image === 'string' ? {} : { [IMAGE]: image }) },
  };
  return kind === 'job'
    ? defineResource<Endpoint>('containerJob', all, 'job')
    : defineResource<ContainerEndpoint>('container', all);
}
