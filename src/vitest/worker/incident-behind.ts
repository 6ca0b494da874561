/** Whether a spec failed because something it needs was not well. */
import { addressText, LOOPBACK } from '../../protocol/address.ts';
import { rootCause } from '../../protocol/failure.ts';
import type { Incident } from '../../protocol/incident.ts';
import { NETWORK, partsOf, unreachedIn } from './addresses.ts';
import type { FileMembership } from './membership.ts';

/** What clients say when the other side is gone, beside the codes of Node: of `pg`, PostgreSQL, `ioredis`, undici. */
const BROKEN =
  /\b(?:57P0[1-3]|08[0-9A-Z]{3})\b|Connection terminated|terminating connection|encountered a connection error|Connection is closed|socket hang up|other side closed|database system is (?:starting up|shutting down|in recovery)|not yet accepting connections/;

/** The incident that all of these errors speak of; undefined where one of them speaks of anything else. */
export async function incidentBehind(
  errors: readonly unknown[],
  membership: FileMembership,
  began: number,
): Promise<Incident | undefined> {
  const incidents = await membership.incidents(began).catch(() => []);
  return incidents.find((incident) => errors.every((error) => speaksOf(error, incident)));
}

function speaksOf(error: unknown, { addresses }: Incident): boolean {
  const unreached = unreachedIn(error);
  if (unreached.length > 0) {
    return unreached.every(({ host, port }) =>
      (LOOPBACK.has(host) ? [...LOOPBACK] : [host]).some((name) =>
        addresses.includes(addressText({ host: name, port })),
      ),
    );
  }
  return partsOf(error).some(({ code, message }) => {
    const text = `${String(code)} ${String(message)}`;
    return NETWORK.test(text) || BROKEN.test(text);
  });
}

/** `I-1: db was ended by SIGKILL while in use`. */
export function incidentText({ id, failure }: Incident): string {
  return `incident ${id}: ${rootCause(failure).message}`;
}
