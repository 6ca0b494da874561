import type { Engine } from '../../containers/engine.ts';
import type { Inspected } from '../../containers/inspect.ts';
import { joinNetwork, knowsNames, leaveNetwork } from '../../containers/network.ts';
import { publishedAt } from '../../containers/published.ts';
import { hostPorts } from '../../containers/views.ts';
import { nameOf } from '../../protocol/generation-file.ts';
import type { ResourceContext } from '../driver.ts';

/** Takes part in the network of the generation until the teardown. @returns its name */
export function ownNetwork(ctx: ResourceContext, engine: Engine): Promise<string> {
  ctx.defer('its part in the network', () => leaveNetwork(engine, ctx));
  return joinNetwork(engine, ctx);
}

/**
 * A name is found only by who is on the same network, and only where the network has names: the engine's own has none.
 *
 * @throws GreenroomError INFRA_NETWORK_SPLIT
 */
export async function requireSharedNetwork(
  ctx: ResourceContext,
  engine: Engine,
  { networks }: Inspected,
): Promise<void> {
  for (const provider of Object.values(ctx.needs).flatMap(hostPorts).map(publishedAt)) {
    if (provider === undefined) continue;
    const shared = [...provider.networks].filter((network) => networks.has(network));
    // The one of the generation does, and that is nearly always the answer.
    if (shared.includes(nameOf(ctx))) continue;
    const known = await Promise.all(shared.map((network) => knowsNames(engine, network)));
    if (known.includes(true)) continue;
    const where =
      shared.length === 0
        ? `is on ${namesOf(networks.keys())} and needs ${provider.resource}, which is on ${namesOf(provider.networks)}`
        : `and ${provider.resource} are on ${namesOf(shared)}, which knows no names`;
    throw ctx.error(
      'INFRA_NETWORK_SPLIT',
      `${ctx.name} ${where}: neither finds the other`,
      'leave `network` out of both, and they share the one of the generation; or give both the same one that was made for it',
    );
  }
}

const namesOf = (names: Iterable<string>): string => [...names].join(', ') || 'no network';
