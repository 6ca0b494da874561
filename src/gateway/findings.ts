/** What records of exchanges say went wrong, by name. Pure. What a script has spoilt is no finding. */
import type { Exchange } from './exchange.ts';
import { percentile } from './metrics.ts';

/** Stable: `docs/gateway.md` lists the same. */
export type FindingCode = 'REQUEST_HUNG' | 'BODY_TRUNCATED' | 'STATUS_CHANGED' | 'CAPACITY';

export interface Finding {
  readonly code: FindingCode;
  readonly resource: string;
  /** One sentence. */
  readonly text: string;
  /** Seconds that clients have lost by it. */
  readonly seconds?: number;
}

/** Durations that differ by so much at most are one time-out: a part of it, or milliseconds, as a client's clock runs before it is connected. */
const TOLERANCE = 0.02;
const TOLERANCE_MS = 50;
/** Clients that gave up sooner had other reasons, milliseconds. */
const SHORTEST_TIMEOUT = 250;

/**
 * @param exchanges of one or more resources
 * @param timeout of the client in milliseconds, where it is known; otherwise it is seen in requests that were given up
 *   after the same time
 */
export function findingsOf(exchanges: readonly Exchange[], timeout?: number): readonly Finding[] {
  const unspoilt = exchanges.filter(({ fault }) => fault === undefined);
  const groups = Map.groupBy(unspoilt, ({ resource }) => resource);
  return [
    ...[...groups].flatMap(([resource, own]) => [
      ...hung(resource, own, timeout),
      ...truncated(resource, own),
      ...crowded(resource, own),
    ]),
    ...changed(unspoilt),
  ];
}

function hung(resource: string, exchanges: readonly Exchange[], timeout: number | undefined): readonly Finding[] {
  const givenUp = exchanges
    .filter(({ end, duration }) => end === 'client-gone' && duration >= SHORTEST_TIMEOUT)
    .toSorted((a, b) => a.duration - b.duration);
  const groups = timeout === undefined ? alike(givenUp) : [givenUp.filter(({ duration }) => near(duration, timeout))];
  return groups.flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const ms = group.reduce((sum, { duration }) => sum + duration, 0);
    const seconds = Math.round(ms / 10) / 100;
    const many = group.length === 1 ? '1 request' : `${group.length} requests`;
    const each = (first.duration / 1_000).toFixed(2);
    const text = `${many} to ${resource} hung until the client's time-out of ${each} s, ${seconds} s in all: ${progress(first)}`;
    return [{ code: 'REQUEST_HUNG' as const, resource, text, seconds }];
  });
}

const near = (duration: number, timeout: number): boolean =>
  Math.abs(duration - timeout) <= Math.max(timeout * TOLERANCE, TOLERANCE_MS);

/** Groups of two or more that lasted equally long; sorted by duration before. */
function alike(exchanges: readonly Exchange[]): readonly (readonly Exchange[])[] {
  const groups: Exchange[][] = [];
  for (const exchange of exchanges) {
    const last = groups.at(-1);
    if (last?.[0] !== undefined && near(exchange.duration, last[0].duration)) last.push(exchange);
    else groups.push([exchange]);
  }
  return groups.filter(({ length }) => length > 1);
}

const what = ({ method, path }: Exchange): string => (method === undefined ? 'a connection' : `${method} ${path}`);

/** How far it had come when it was given up. */
function progress(exchange: Exchange): string {
  const { status, responseHead = 0, responseBytes, declaredBytes } = exchange;
  if (status === undefined) return `${what(exchange)} was not answered`;
  const of = declaredBytes === undefined ? '' : ` of ${declaredBytes}`;
  return `${what(exchange)} was answered ${status} after ${Math.round(responseHead)} ms, then ${responseBytes}${of} bytes of its body came and no more`;
}

function truncated(resource: string, exchanges: readonly Exchange[]): readonly Finding[] {
  const broken = exchanges.filter(({ end }) => end === 'truncated');
  const [first] = broken;
  if (first === undefined) return [];
  const of = first.declaredBytes === undefined ? '' : ` of ${first.declaredBytes}`;
  const many = broken.length === 1 ? '1 answer' : `${broken.length} answers`;
  const text = `${resource} broke off ${many}: ${what(first)} ended after ${first.responseBytes}${of} bytes of its body`;
  return [{ code: 'BODY_TRUNCATED', resource, text }];
}

/** Some were refused, or more time was spent in the queue than at the server. */
function crowded(resource: string, exchanges: readonly Exchange[]): readonly Finding[] {
  const queued = exchanges.filter(({ queued: ms }) => ms > 0);
  const refused = exchanges.filter(({ end, status }) => end === 'refused' && status === 503).length;
  const waited = queued.reduce((sum, { queued: ms }) => sum + ms, 0);
  const worked = exchanges.reduce((sum, { duration, queued: ms }) => sum + duration - ms, 0);
  if (refused === 0 && waited <= worked) return [];
  const p95 = percentile(
    queued.map(({ queued: ms }) => ms).toSorted((a, b) => a - b),
    95,
  );
  const all = exchanges.length;
  const turnedAway = refused === 0 ? '' : `, and ${refused} were turned away`;
  const text = `${queued.length} of ${all} requests to ${resource} waited for a turn, 95 % of them at most ${Math.round(p95)} ms${turnedAway}`;
  return [{ code: 'CAPACITY', resource, text, seconds: Math.round(waited / 10) / 100 }];
}

/** One request that was seen in front of two servers, of which one is behind the other, with two statuses. */
function changed(exchanges: readonly Exchange[]): readonly Finding[] {
  const byId = new Map(exchanges.map((exchange) => [exchange.id, exchange]));
  return exchanges.flatMap((inner) => {
    const outer = inner.via === undefined ? undefined : byId.get(inner.via);
    if (outer === undefined || outer.resource === inner.resource || !isSame(inner, outer)) return [];
    if (inner.status === undefined || outer.status === undefined || inner.status === outer.status) return [];
    const text = `${inner.resource} answered ${inner.status} to ${what(inner)}, and ${outer.resource} in front of it made ${outer.status} of that`;
    return [{ code: 'STATUS_CHANGED' as const, resource: outer.resource, text }];
  });
}

/** The same method and path: the outer one passes the request on, and does not only ask for something of its own. */
function isSame(inner: Exchange, outer: Exchange): boolean {
  const [short = '', long = ''] = [inner.path ?? '', outer.path ?? ''].toSorted((a, b) => a.length - b.length);
  if (inner.method === undefined || inner.method !== outer.method) return false;
  // A prefix may be taken off on the way.
  return short === long || (short.length > 1 && long.endsWith(short));
}
