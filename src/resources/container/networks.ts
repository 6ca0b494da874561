import type { Inspected } from '../../containers/inspect.ts';
import { publishedAt } from '../../containers/published.ts';
import { hostPorts } from '../../containers/views.ts';
import type { ResourceContext } from '../driver.ts';

/**
 * A name is found only by who is on the same network.
 *
 * @throws GreenroomError INFRA_NETWORK_SPLIT
 */
export function requireSharedNetwork(ctx: ResourceContext, { networks }: Inspected): void {
  for (const endpoint of Object.values(ctx.needs)) {
    for (const port of hostPorts(endpoint)) {
      const provider = publishedAt(port);
      if (provider === undefined || [...provider.networks].some((network) => networks.has(network))) continue;
      throw ctx.error(
        'INFRA_NETWORK_SPLIT',
        `${ctx.name} is on ${namesOf(networks.keys())} and needs ${provider.resource}, which is on ${namesOf(provider.networks)}: neither finds the other`,
        'leave `network` out of both, and they share the one of the generation; or give both the same',
      );
    }
  }
}

const namesOf = (names: Iterable<string>): string => [...names].join(', ') || 'no network';
