/** Headers as they pass through, in the order and the letters in which they came. Pure. */
import { baggage, originIn, type Origin } from '../protocol/baggage.ts';

/** Those that are for one connection only: RFC 9110, §7.6.1. */
const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'proxy-connection', 'te', 'transfer-encoding', 'upgrade']);

/** Name and value by turns, as Node has them. */
export type RawHeaders = readonly string[];

const pairs = (raw: RawHeaders): readonly (readonly [string, string])[] =>
  Array.from({ length: raw.length / 2 }, (_, index) => [raw[2 * index] ?? '', raw[2 * index + 1] ?? '']);

const told = (raw: RawHeaders, name: string): string[] =>
  pairs(raw).flatMap(([known, value]) => (known.toLowerCase() === name ? [value] : []));

/** Without those that are for one connection only, and without others by name. */
export function endToEnd(raw: RawHeaders, without: readonly string[] = []): string[] {
  const named = told(raw, 'connection').flatMap((value) => value.split(',').map((one) => one.trim().toLowerCase()));
  const dropped = new Set([...HOP_BY_HOP, ...named, ...without]);
  return pairs(raw).flatMap(([name, value]) => (dropped.has(name.toLowerCase()) ? [] : [name, value]));
}

/** Says which exchange at a gateway a request was made for. */
const VIA = /^\s*greenroom-via\s*=\s*([\w-]{1,64})\s*$/;

/** The exchange that a request was made for. */
export function viaIn(header: string | undefined): string | undefined {
  for (const member of header?.split(',') ?? []) {
    const [, id] = VIA.exec(member) ?? [];
    if (id !== undefined) return id;
  }
  return undefined;
}

/** Whose a request is: by its `baggage`, else by the port that it came to. */
export function originOf(header: string | undefined, slot: number | undefined): Partial<Origin> {
  return originIn(header) ?? (slot === undefined ? {} : { slot });
}

/** The header for the server: whose the request is, also where only the port says so, and which exchange it is. */
export function baggageFor(header: string | undefined, { slot, spec }: Partial<Origin>, id: string): string {
  const others = (header ?? '').split(',').filter((member) => member.trim() !== '' && !VIA.test(member));
  const rest = others.join(',');
  const named = slot === undefined ? rest : baggage({ slot, ...(spec === undefined ? {} : { spec }) }, rest);
  return [...(named === '' ? [] : [named]), `greenroom-via=${id}`].join(',');
}

/** What the server is asked with. */
export function requestHeaders(raw: RawHeaders, baggageValue: string): string[] {
  const chunked = told(raw, 'transfer-encoding').length > 0;
  return [
    ...endToEnd(raw, ['baggage']),
    'baggage',
    baggageValue,
    ...(chunked ? ['Transfer-Encoding', 'chunked'] : []),
    'Connection',
    'close',
  ];
}

/** What the server is asked with when the connection is to become another protocol's. */
export function upgradeHeaders(raw: RawHeaders, baggageValue: string, protocol: string): string[] {
  return [...endToEnd(raw, ['baggage']), 'baggage', baggageValue, 'Connection', 'Upgrade', 'Upgrade', protocol];
}

/** The head of an answer as text, for a connection that Node's parser has let go of. */
export function headText(status: number, message: string, raw: RawHeaders): string {
  const lines = pairs(raw).map(([name, value]) => `${name}: ${value}`);
  return `HTTP/1.1 ${status} ${message}\r\n${lines.join('\r\n')}\r\n\r\n`;
}
