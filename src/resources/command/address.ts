import { isIP } from 'node:net';
import type { Endpoint, ProbePlan } from '../../protocol/plan.ts';
import type { ManagedProcess, ResourceContext } from '../driver.ts';
import { addressText } from '../../protocol/address.ts';
import { requireOurs } from './port.ts';

type Fields = Readonly<Record<string, string>>;

/** Addresses to listen on, which are no addresses to connect to. */
const WILDCARDS = new Set(['0.0.0.0', '::']);

/**
 * The endpoint of a service that is ready: what its probe found, with a literal address to reach it and numbers where
 * they belong. Without a port it is only what the probe found.
 */
export async function addressOf(
  ctx: ResourceContext,
  service: ManagedProcess,
  found: { readonly port?: number | string; readonly host?: string },
  untilPasses: (probe: ProbePlan, endpoint: Endpoint) => Promise<Fields>,
): Promise<Endpoint> {
  if (found.port === undefined) return found as Endpoint;
  const port = Number(found.port);
  const told =
    found.host !== undefined && isIP(found.host) !== 0 && !WILDCARDS.has(found.host) ? found.host : undefined;
  const host = told ?? (await untilPasses({ probe: 'tcp' }, { port }))['host'] ?? '127.0.0.1';
  await requireOurs(ctx, port, service.pid);
  return { ...found, host, port, url: `http://${addressText({ host, port })}` };
}
