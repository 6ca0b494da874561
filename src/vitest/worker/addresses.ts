/** Which addresses an error speaks of: what clients hide in `cause` and in `AggregateError.errors`. Pure. */

import { addressText, type Address } from '../../protocol/address.ts';

/** One try to reach something, as an error has it. */
export interface Unreached extends Address {
  /** What the error says of it. */
  readonly text: string;
}

/** Codes of Node, of its resolver and of undici that tell of a connection, not of what was said over it. */
export const NETWORK =
  /\b(?:E(?:CONN\w+|TIMEDOUT|PIPE|HOSTUNREACH|HOSTDOWN|NETUNREACH|NOTFOUND|AI_AGAIN)|UND_ERR_(?:SOCKET|CONNECT_TIMEOUT))\b/;
const ADDRESS = /(?:\[([\da-f:.]+)\]|(::1)|((?:\d{1,3}\.){3}\d{1,3})|(localhost)):(\d{1,5})\b/gi;

/** Of an error as it was thrown, or as Vitest keeps it; each address once. */
export function unreachedIn(error: unknown): readonly Unreached[] {
  const found = new Map<string, Unreached>();
  for (const part of partsOf(error)) {
    for (const unreached of addressesOf(part)) {
      const address = addressText(unreached);
      if (!found.has(address)) found.set(address, unreached);
    }
  }
  return [...found.values()];
}

export type Part = Readonly<Record<string, unknown>>;

/** The error itself, and all that it carries, the innermost last. A cause may point back at what it caused. */
export function partsOf(error: unknown, seen: Set<unknown> = new Set()): readonly Part[] {
  if (typeof error !== 'object' || error === null || seen.has(error)) return [];
  seen.add(error);
  const part = error as Part;
  const inner = [part['cause'], ...(Array.isArray(part['errors']) ? (part['errors'] as unknown[]) : [])];
  return [part, ...inner.flatMap((next) => partsOf(next, seen))];
}

function addressesOf(part: Part): readonly Unreached[] {
  const { code, message, address, port, socket } = part;
  const text = typeof message === 'string' ? message : '';
  if (!NETWORK.test(`${String(code)} ${text}`)) return [];
  const short = firstLine(text);
  if (typeof address === 'string' && typeof port === 'number') return [{ host: address, port, text: short }];
  const { remoteAddress, remotePort } = (socket ?? {}) as Part;
  if (typeof remoteAddress === 'string' && typeof remotePort === 'number') {
    return [{ host: remoteAddress, port: remotePort, text: short }];
  }
  return [...text.matchAll(ADDRESS)].map(([, bracketed, six, four, name, digits]) => {
    return { host: (bracketed ?? six ?? four ?? name ?? '').toLowerCase(), port: Number(digits), text: short };
  });
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}
