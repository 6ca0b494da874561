import type { IncomingMessage } from 'node:http';
import type { Core } from './core.ts';
import type { Draft } from './draft.ts';
import { baggageFor, originOf, viaIn } from './headers.ts';

const headerOf = (request: IncomingMessage): string | undefined => request.headers['baggage'] as string | undefined;

/** @param slot whose port it came to */
export function begin(core: Core, request: IncomingMessage, slot: number | undefined): Draft {
  const header = headerOf(request);
  const { method, url } = request;
  return core.book.begin({
    resource: core.resource,
    via: viaIn(header),
    ...originOf(header, slot),
    method,
    path: url,
  });
}

/** The `baggage` that the server gets. */
export const baggageOf = (request: IncomingMessage, { beginning }: Draft): string => {
  const { slot, spec, id } = beginning;
  return baggageFor(
    headerOf(request),
    { ...(slot === undefined ? {} : { slot }), ...(spec === undefined ? {} : { spec }) },
    id,
  );
};
