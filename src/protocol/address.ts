/** Where a server is. Pure. */
import type { Endpoint } from './plan.ts';

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** All names under which one machine knows itself. */
export const LOOPBACK: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '::1']);

/** `host:port`, with the brackets that an IPv6 address needs. */
export function addressText({ host, port }: Address): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** A host without the brackets that an IPv6 address has in a url. */
export const bare = (host: string): string => host.replace(/^\[|\]$/g, '');

/**
 * The address in a url; undefined where there is none.
 *
 * @param ports that a url need not name, by its protocol
 */
export function addressOfUrl(text: string, ports: Readonly<Record<string, number>> = {}): Address | undefined {
  const url = URL.parse(text);
  const port = url === null ? 0 : Number(url.port || ports[url.protocol]);
  return url === null || url.hostname === '' || !(port > 0) ? undefined : { host: bare(url.hostname), port };
}

/** Where an endpoint is: its host and port, and those of every url in it. */
export function addressesOf(endpoint: Endpoint): readonly Address[] {
  const { host, port } = endpoint;
  // A resource of the user's own may have anything there.
  const own = typeof host === 'string' && typeof port === 'number' ? [{ host, port }] : [];
  const urls = Object.values(endpoint).flatMap((field) =>
    typeof field === 'string' ? (addressOfUrl(field) ?? []) : [],
  );
  return [...own, ...urls];
}
