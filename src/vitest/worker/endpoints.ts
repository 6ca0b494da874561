/** What stands at an address, as far as Greenroom knows. Pure. */
import type { ResourceState, State } from '../../coordinator/state.ts';
import { addressesOf, addressText, LOOPBACK, type Address } from '../../protocol/address.ts';
import type { Endpoint, Endpoints } from '../../protocol/plan.ts';
import type { Unreached } from '../../attribution/addresses.ts';

/** What is known of the infrastructure. */
export interface Known extends Pick<State, 'graph' | 'resources' | 'slices'> {
  /** Endpoints that this file was given; what has been lost since has none any more. */
  readonly given: Endpoints;
}

/** One line: what was tried, which endpoint that is, and what state it is in now. */
export function explain(unreached: Unreached, { graph, resources, slices, given }: Known): string {
  const address = addressText(unreached);
  const { host, port, text } = unreached;
  // Node leaves the brackets out.
  const tried = text.includes(address) || text.includes(`${host}:${port}`) ? text : `${text} (${address})`;
  const own = Object.values(slices).find(({ endpoint }) => stands(endpoint, unreached));
  if (own !== undefined) return `${tried}: that is a worker's own ${own.resource}, which is ready`;
  for (const [name, resource] of Object.entries(resources)) {
    const now = resource.state === 'ready' ? addressesOf(resource.endpoint) : [];
    const exact = now.find((at) => addressText(at) === address);
    if (exact) return `${tried}: that is ${name}, which is ready`;
    const other = now.find((at) => at.port === port && LOOPBACK.has(at.host) && LOOPBACK.has(host));
    if (other) return `${tried}: ${name}, which is ready, listens on ${addressText(other)} only`;
    const before = stands(given[name], unreached);
    const lost = before && resource.state === 'ready' && graph.resources[name]?.slice !== undefined;
    if (lost) return `${tried}: that was this worker's own ${name}, which is gone`;
    if (before && now[0]) return `${tried}: that was ${name}, which is now at ${addressText(now[0])}`;
    if (before) return `${tried}: that is ${name}, which ${stateText(resource)}`;
  }
  return `${tried}: nothing that Greenroom started`;
}

/** Whether something is said to be ready at an address that refused. */
export function contradicts(unreached: Unreached, { resources, slices }: Known): boolean {
  const endpoints = [
    ...Object.values(slices).map(({ endpoint }) => endpoint),
    ...Object.values(resources).map((resource) => (resource.state === 'ready' ? resource.endpoint : undefined)),
  ];
  return unreached.text.includes('ECONNREFUSED') && endpoints.some((endpoint) => stands(endpoint, unreached));
}

function stands(endpoint: Endpoint | undefined, at: Address): boolean {
  return endpoint !== undefined && addressesOf(endpoint).some((one) => addressText(one) === addressText(at));
}

/** Addresses of all these endpoints, as text; where one is this machine's, by the name `localhost` besides. */
export function addressTexts(endpoints: Endpoints): ReadonlySet<string> {
  const all = Object.values(endpoints).flatMap(addressesOf);
  return new Set(
    all.flatMap((at) => [
      addressText(at),
      ...(LOOPBACK.has(at.host) ? [addressText({ ...at, host: 'localhost' })] : []),
    ]),
  );
}

function stateText(resource: ResourceState): string {
  switch (resource.state) {
    case 'failed':
      return `has failed: ${resource.failure.message} [${resource.failure.code}]`;
    case 'declared':
    case 'resting':
      return 'was not started';
    case 'starting':
      return 'is starting';
    case 'unhealthy':
    case 'restarting':
      return `is not well: ${resource.failure.message} [${resource.failure.code}]`;
    case 'stopping':
    case 'stopped':
      return 'was stopped';
    case 'ready':
      return 'is ready';
  }
}
