/** Where the server of an endpoint is, and the endpoint with another address in its place. Pure. */
import { addressOfUrl, LOOPBACK, type Address } from '../../protocol/address.ts';
import type { Endpoint } from '../../protocol/plan.ts';

/** Ports that a url need not name. */
const PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'postgres:': 5432, 'postgresql:': 5432, 'redis:': 6379 };

/** By its host and port, else by its `url`; undefined where neither says. */
export function addressOf({ host, port, url }: Endpoint): Address | undefined {
  if (typeof host === 'string' && typeof port === 'number') return { host, port };
  return typeof url === 'string' ? addressOfUrl(url, PORTS) : undefined;
}

/** The endpoint with all that names the server's address naming another one. */
export function readdressed(endpoint: Endpoint, from: Address, to: Address): Endpoint {
  const fields = Object.entries(endpoint).map(([name, value]) => [
    name,
    typeof value === 'string' ? urlAt(value, from, to) : value,
  ]);
  const other = Object.fromEntries(fields) as Endpoint;
  const named = typeof endpoint.host === 'string' && typeof endpoint.port === 'number';
  return named && same({ host: endpoint.host, port: endpoint.port }, from) ? { ...other, ...to } : other;
}

function urlAt(text: string, from: Address, to: Address): string {
  const at = addressOfUrl(text, PORTS);
  if (at === undefined || !same(at, from)) return text;
  const url = new URL(text);
  url.hostname = to.host;
  url.port = String(to.port);
  // A url has a slash at its end that its text need not have.
  return url.pathname === '/' && !text.endsWith('/') && url.search === '' && url.hash === ''
    ? url.href.slice(0, -1)
    : url.href;
}

const same = (one: Address, other: Address): boolean =>
  one.port === other.port && (one.host === other.host || (LOOPBACK.has(one.host) && LOOPBACK.has(other.host)));
