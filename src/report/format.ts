/** How times and addresses are written, everywhere the same. */
import type { Endpoint } from '../protocol/plan.ts';

/** `0.4s`, `12.0s`, `3m05s`, `2h07m`. */
export function duration(ms: number): string {
  const tenths = Math.max(0, Math.round(ms / 100));
  if (tenths < 600) return `${(tenths / 10).toFixed(1)}s`;
  const seconds = Math.round(tenths / 10);
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m${pad(seconds % 60)}s`;
  const minutes = Math.floor(seconds / 60);
  return `${Math.floor(minutes / 60)}h${pad(minutes % 60)}m`;
}

/** Local time of day with seconds: `20:41:07`. */
export function clock(at: number): string {
  const date = new Date(at);
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map(pad).join(':');
}

/** Where an endpoint is reached: `127.0.0.1:5432`, `[::1]:5432`, else its URL without credentials, else nothing. */
export function address(endpoint: Endpoint): string {
  const { host, port, url } = endpoint;
  if (host !== undefined && port !== undefined) return `${host.includes(':') ? `[${host}]` : host}:${port}`;
  if (url !== undefined && URL.canParse(url)) return new URL(url).host;
  return host ?? '';
}

/** `1 lease`, `3 leases`. */
export function count(n: number, word: string): string {
  return `${n} ${word}${n === 1 ? '' : 's'}`;
}

/** Left-aligned columns, two blanks apart; the last one is not padded. */
export function columns(table: readonly (readonly string[])[]): string[] {
  const widths = (table[0] ?? []).map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  return table.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** The first line of a text, so that a row stays a row. */
export function oneLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}

function pad(n: number): string {
  return String(n).padStart(2, '0');
}
