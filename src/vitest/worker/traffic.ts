import { askGateway } from '../../gateway/ask.ts';
import type { Exchange } from '../../gateway/exchange.ts';
import { evidenceOf } from '../../gateway/evidence.ts';
import type { Endpoints } from '../../protocol/plan.ts';

/** Milliseconds that a failed spec waits for this. */
const PATIENCE_MS = 1_000;

/**
 * What the gateways have seen of a spec: its requests by their `baggage`, and those on the slot's own ports since it
 * began that do not say which spec they are of. A gateway that does not answer in time says nothing.
 */
export async function trafficOf(spec: string, since: number, endpoints: Endpoints): Promise<readonly string[]> {
  const lines = await Promise.all(
    Object.entries(endpoints).map(async ([resource, { gateway: socket, gatewaySlot: slot }]) => {
      if (typeof socket !== 'string' || typeof slot !== 'number') return [];
      const asked = askGateway(socket, '/exchanges', { slot, since }, PATIENCE_MS);
      const exchanges = await (asked as Promise<readonly Exchange[]>).catch(() => undefined);
      if (exchanges === undefined) return [];
      return evidenceOf(
        resource,
        exchanges.filter((exchange) => exchange.spec === undefined || exchange.spec === spec),
      );
    }),
  );
  return lines.flat();
}
