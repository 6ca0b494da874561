import type { Inspected } from '../../containers/inspect.ts';
import type { Endpoint } from '../../protocol/plan.ts';
import type { ResourceContext } from '../driver.ts';
import type { ContainerEndpoint } from './index.ts';
import type { Kept } from './kept.ts';
import { refuseLoopback, requireReachable, type Watched } from './listens.ts';
import { portsInside, type ContainerPlan } from './options.ts';

const HOST = '127.0.0.1';

/** What processes of the host are told: a literal address, whatever this machine calls itself. */
export function addressOf(
  { port, ports = {}, url = 'http://{host}:{port}' }: ContainerPlan,
  { published }: Inspected,
): ContainerEndpoint {
  const outside = published.get(port) ?? 0;
  return {
    host: HOST,
    port: outside,
    url: url.replaceAll('{host}', HOST).replaceAll('{port}', String(outside)),
    ports: Object.fromEntries(Object.entries(ports).map(([name, inside]) => [name, published.get(inside) ?? 0])),
  };
}

/** Waits until it answers from outside, as processes of the host and as other containers ask it. */
export async function untilReady(
  ctx: ResourceContext,
  container: Kept,
  { pid, networks }: Inspected,
  options: ContainerPlan,
  told: Watched['told'],
  endpoint: Endpoint,
): Promise<void> {
  const watched: Watched = { pid, ports: portsInside(options), told };
  const over = new AbortController();
  const signal = AbortSignal.any([container.signal, over.signal]);
  const [address = ''] = networks.values();
  try {
    const answers = ctx.untilPasses(options.ready ?? { probe: 'tcp' }, endpoint, { signal });
    await Promise.race([answers, refuseLoopback(ctx, watched, signal)]);
    if (options.healthCheck !== undefined) await container.untilHealthy(options.healthCheck);
    await requireReachable(ctx, watched, address);
  } finally {
    over.abort(new Error('it is ready, or will not be'));
  }
}
