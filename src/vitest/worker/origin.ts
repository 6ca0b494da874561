/**
 * Says of each HTTP request to an endpoint of this worker whose it is, by the header `baggage`: what parallel specs ask
 * of one server can then be told apart. Requests to anybody else are left alone.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';
import { addressOfUrl, addressText, bare, type Address } from '../../protocol/address.ts';
import { baggage, originIn, type Origin } from '../../protocol/baggage.ts';
import { addressBroken } from './broken.ts';
import { now } from './clock.ts';
import { current } from './current.ts';
import { kept } from './place.ts';

/** One for all files of a worker, and for all copies of this library in it. */
const marks = kept<{
  /** Tries of specs that run. */
  tries: AsyncLocalStorage<Try>;
  listening: true;
}>('marks');

/** One try of a spec, while it runs. */
interface Try {
  readonly spec: string;
  /** When it began, in milliseconds since 1970. */
  readonly since: number;
  /** What is to be done when it is over, by what it is for. */
  readonly atEnd: Map<string, () => Promise<unknown>>;
}

/** Runs one try of a spec so that its requests are known by its id, also beside others of the same worker. */
export async function asSpec(spec: string, run: () => Promise<void>): Promise<void> {
  const atEnd: Try['atEnd'] = new Map();
  try {
    await tries().run({ spec, since: now(), atEnd }, run);
  } finally {
    // What is gone by then needs no end.
    await Promise.allSettled([...atEnd.values()].map((act) => act()));
  }
}

/** The slot of this worker and the spec that asks; undefined where nothing was joined. */
export function origin(): Origin | undefined {
  const slot = current.membership?.welcome?.slot;
  const spec = tries().getStore()?.spec;
  return slot === undefined ? undefined : { slot, ...(spec === undefined ? {} : { spec }) };
}

/** The try that asks; undefined outside of specs. */
export function currentTry(): Try | undefined {
  return tries().getStore();
}

/** Marks what `fetch`, undici and `node:http` send from here on, and what fails of it. Once a worker. */
export function markRequests(): void {
  if (marks.listening) return;
  marks.listening = true;
  subscribe('undici:request:create', (message) => markUndici((message as { readonly request: UndiciRequest }).request));
  subscribe('http.client.request.created', (message) =>
    markNode((message as { readonly request: ClientRequest }).request),
  );
  addressBroken();
}

function tries(): AsyncLocalStorage<Try> {
  return (marks.tries ??= new AsyncLocalStorage<Try>());
}

/** What undici tells; before version 6, the headers are one text. */
interface UndiciRequest {
  readonly origin?: string | URL;
  readonly headers: string | unknown[];
  addHeader(name: string, value: string): void;
}

function markUndici(request: UndiciRequest): void {
  const address = addressOfUrl(String(request.origin));
  if (address === undefined) return;
  const { headers } = request;
  const at = Array.isArray(headers)
    ? headers.findIndex((name, index) => index % 2 === 0 && String(name).toLowerCase() === 'baggage')
    : -1;
  const mark = markFor(address, at < 0 ? undefined : String((headers as unknown[])[at + 1]));
  if (mark === undefined) return;
  if (at < 0) request.addHeader('baggage', mark);
  else (headers as unknown[])[at + 1] = mark;
}

function markNode(request: ClientRequest): void {
  // Headers that were given as a list have been written already.
  if (request.headersSent) return;
  const address = addressOfUrl(`http://${String(request.getHeader('host'))}`);
  if (address === undefined || address.host !== bare(request.host)) return;
  const before = request.getHeader('baggage');
  const mark = markFor(address, before === undefined ? undefined : String(before));
  if (mark !== undefined) request.setHeader('baggage', mark);
}

/** The header for a request to this address; undefined when it is nobody's we know, or marked already. */
function markFor(address: Address, header: string | undefined): string | undefined {
  if (current.membership?.isAt(addressText(address)) !== true || originIn(header) !== undefined) return undefined;
  const whose = origin();
  return whose && baggage(whose, header);
}
