/** `fromTestcontainer`: a container that testcontainers builds and starts, as a resource that all share. */
import type { Endpoint, Json } from '../../protocol/plan.ts';
import type { ContainerEndpoint } from '../container/index.ts';
import { defineResource, type CommonOptions, type EndpointsOf, type Needs, type Resource } from '../define.ts';
import type { Place, StartedPlace } from './options.ts';

/** What testcontainers starts has these; `PostgreSqlContainer` and the like have more. */
export interface StartedContainer {
  getId(): string;
  getFirstMappedPort(): number;
}

/** A builder of testcontainers that has not been started: `new GenericContainer(…)`, or one of its modules. */
export interface UnstartedContainer<S extends StartedContainer> {
  withName(name: string): this;
  withLabels(labels: Record<string, string>): this;
  withNetworkMode(network: string): this;
  withNetworkAliases(...aliases: string[]): this;
  withAutoCleanup(autoCleanup: boolean): this;
  start(): Promise<S>;
}

export interface TestcontainerOptions<S, N extends Needs, E> extends CommonOptions<N> {
  /** What its endpoint has besides: `(db) => ({ url: db.getConnectionUri() })`. */
  readonly endpoint?: (started: S) => E;
}

/**
 * Ryuk's work is done by who started this process: for all of a generation, and whoever dies. In a container, testcontainers
 * takes the engine for one outside of it, and looks for ports there.
 */
const SETTINGS = {
  TESTCONTAINERS_RYUK_DISABLED: 'true',
  TESTCONTAINERS_REUSE_ENABLE: 'false',
  TESTCONTAINERS_HOST_OVERRIDE: '127.0.0.1',
};

type Fields = { readonly [field: string]: Json };
/** What is said of it takes the place of what it would be otherwise. */
type With<E> = Omit<ContainerEndpoint, keyof E> & E;

/**
 * @param build runs in the config host, with the endpoints of `needs` as the container reaches them, and returns a
 *   builder that is not started
 */
export function fromTestcontainer<
  S extends StartedContainer,
  N extends Needs = Record<never, Resource>,
  E extends Fields = Record<never, never>,
>(
  build: (needs: EndpointsOf<N>) => UnstartedContainer<S> | Promise<UnstartedContainer<S>>,
  { endpoint, ...options }: TestcontainerOptions<S, N, E> = {},
): Resource<With<E>> {
  const start = async (needs: EndpointsOf<N>, place: Place): Promise<StartedPlace> => {
    Object.assign(process.env, SETTINGS);
    const builder = await build(needs);
    onLoopback(builder);
    const { name, labels, network, alias } = place;
    const started = await builder
      .withName(name)
      .withLabels({ ...labels })
      .withNetworkMode(network)
      .withNetworkAliases(alias)
      .withAutoCleanup(false)
      .start();
    return { id: started.getId(), ...portOf(started), more: endpoint?.(started) ?? {} };
  };
  return defineResource<With<E> & Endpoint>('testcontainer', { ...options, start });
}

function portOf(started: StartedContainer): { readonly port?: number } {
  try {
    return { port: started.getFirstMappedPort() };
  } catch {
    return {}; // it exposes none
  }
}

/** It would publish its ports for all of the network that this machine is in; there is no option for that. */
function onLoopback(builder: object): void {
  const { hostConfig } = builder as { hostConfig?: { PortBindings?: Record<string, readonly object[]> } };
  if (hostConfig?.PortBindings === undefined) return;
  hostConfig.PortBindings = Object.fromEntries(
    Object.entries(hostConfig.PortBindings).map(([port, bindings]) => [
      port,
      bindings.map((binding) => ({ ...binding, HostIp: '127.0.0.1' })),
    ]),
  );
}
