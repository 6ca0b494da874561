/**
 * Two views of one endpoint: a server that a process of the host finds at `127.0.0.1:41234` is at `db:5432` for a
 * container. Pure.
 */
import type { Endpoint, Endpoints, Json } from '../protocol/plan.ts';

/** Where a server is for a container: a name on its network, and the port there. */
export interface Inside {
  readonly host: string;
  readonly port: number;
}

/** Addresses of this machine that lead nowhere else from a container, with a port. */
const LOOPBACK = /(?<![\w.:[-])(localhost|127(?:\.\d{1,3}){3}|\[::1\]):(\d{1,5})(?!\d)/gi;
const LOOPBACK_HOST = /^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/i;

/** As libpq and others write it: `host=127.0.0.1 port=5432`. */
const WORDS = /(?<![\w])host=(localhost|127(?:\.\d{1,3}){3}|::1)(\s+(?:[^\n]*?\s)??port=)(\d{1,5})(?!\d)/gi;

export const isLoopbackHost = (text: string): boolean => LOOPBACK_HOST.test(text);

/** Ports of this machine's loopback addresses in a text. */
export function loopbackPorts(text: string): readonly number[] {
  return [...text.matchAll(LOOPBACK), ...text.matchAll(WORDS)].map((found) => Number(found.at(-1)));
}

/** All ports of this machine that an endpoint leads to. */
export function hostPorts(endpoint: Endpoint): readonly number[] {
  const { host, port } = endpoint;
  const own = typeof port === 'number' && (host === undefined || isLoopbackHost(host)) ? [port] : [];
  return [...new Set([...own, ...textsIn(endpoint as Json).flatMap(loopbackPorts)])];
}

/** The same endpoint for a container. @param at where the server behind a port of the host is; undefined: it stays as it is */
export function viewFromInside(endpoint: Endpoint, at: (port: number) => Inside | undefined): Endpoint {
  const inside = typeof endpoint.port === 'number' ? at(endpoint.port) : undefined;
  const rewritten = rewrite(endpoint as Json, (text) =>
    text
      .replace(LOOPBACK, (whole, _host, port) => {
        const there = at(Number(port));
        return there === undefined ? whole : `${there.host}:${there.port}`;
      })
      .replace(WORDS, (whole, _host, between, port) => {
        const there = at(Number(port));
        return there === undefined ? whole : `host=${there.host}${between}${there.port}`;
      }),
  ) as Endpoint;
  return inside === undefined ? rewritten : { ...rewritten, host: inside.host, port: inside.port };
}

/** The same of several, by alias. */
export function viewsFromInside(endpoints: Endpoints, at: (port: number) => Inside | undefined): Endpoints {
  return Object.fromEntries(
    Object.entries(endpoints).map(([alias, endpoint]) => [alias, viewFromInside(endpoint, at)]),
  );
}

function rewrite(value: Json | undefined, change: (text: string) => string): Json | undefined {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((item: Json) => rewrite(item, change) ?? null);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => {
      const changed = rewrite(item, change);
      return changed === undefined ? [] : [[key, changed]];
    }),
  );
}

function textsIn(value: Json | undefined): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
