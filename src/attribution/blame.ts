/**
 * What a failed spec is put down to. A failure is the test's own unless evidence ties it to an incident that a resource
 * of the spec had: what the spec may use, when it ran, and what its errors say. What could be either is UNSURE.
 */
import { addressText, LOOPBACK } from '../protocol/address.ts';
import type { Thrown } from './thrown.ts';

/** An interval in which a resource was not healthy, as far as verdicts need it. Times: milliseconds since the epoch. */
export interface IncidentFacts {
  readonly id: string;
  readonly resource: string;
  /** What its clients are clients of, where its url tells: see `Thrown.client`. */
  readonly client?: Thrown['client'];
  /** Where the resource was reached. */
  readonly addresses: readonly string[];
  /** When it was noticed. */
  readonly from: number;
  /** It was noticed as it began: the end of a process. What a check has found may have been so for a while. */
  readonly exact: boolean;
  /** Undefined: it is not healthy again. */
  readonly until?: number;
  /** In words: `kafka unhealthy 20:41:07–20:41:21, exit 137 (SIGKILL)`. */
  readonly text: string;
}

/** A spec that has failed. */
export interface Failed {
  readonly began: number;
  /** When its clean-up began. */
  readonly ended: number;
  /** When the incidents were known that it may be put down to; some of them were only looked for because it failed. */
  readonly asked: number;
  /** Since when it may have had connections: when its worker joined. */
  readonly connected: number;
  /** Names of the resources that it may use. */
  readonly uses: ReadonlySet<string>;
  /** Those that are no consequence of another. */
  readonly errors: readonly Thrown[];
}

export interface Blame {
  readonly verdict: 'LOGIC' | 'INFRA' | 'UNSURE';
  /** Id of the incident that it is put down to. */
  readonly incident?: string;
  /** Why, a line each. */
  readonly reasons: readonly string[];
}

/** Weaker claims win: one error of the test's own makes a failure the test's own. */
const ORDER = ['LOGIC', 'UNSURE', 'INFRA'] as const;

export function blame(failed: Failed, incidents: readonly IncidentFacts[]): Blame {
  const weighed = failed.errors.map((error) => weigh(error, failed, incidents));
  const verdict = ORDER.find((one) => weighed.some((error) => error.verdict === one)) ?? 'LOGIC';
  const incident = verdict === 'LOGIC' ? undefined : weighed.find((error) => error.verdict === verdict)?.incident;
  const reasons = [...new Set(weighed.flatMap((error) => error.reasons))];
  return { verdict, ...(incident === undefined ? {} : { incident }), reasons };
}

function weigh(error: Thrown, failed: Failed, all: readonly IncidentFacts[]): Blame {
  const during = all.filter((incident) => overlaps(incident, error, failed));
  const used = during.find(({ resource }) => failed.uses.has(resource));
  const broken = error.kind === 'connection' ? weighBroken(error, failed, during, all) : undefined;
  if (broken !== undefined || used === undefined) return broken ?? own;
  const what = error.kind === 'timeout' ? 'time ran out' : 'it failed';
  return put('UNSURE', used, `${what} while it could use ${used.text}`);
}

/** What a broken connection says by itself; undefined when it does not say whose it was. */
function weighBroken(
  error: Thrown,
  { uses, began, connected }: Failed,
  during: readonly IncidentFacts[],
  all: readonly IncidentFacts[],
): Blame | undefined {
  const { text, unreached, client } = error;
  const addressed = during.find((incident) => stoodAt(incident, error));
  if (addressed !== undefined) {
    const why = `${text}: that is ${addressed.text}`;
    if (uses.has(addressed.resource)) return put('INFRA', addressed, why);
    return put('UNSURE', addressed, `${why}, which this spec does not say it needs`);
  }
  // What it could not reach is something else.
  if (unreached.length > 0) return own;
  const ofClient = during.find((incident) => uses.has(incident.resource) && incident.client === (client ?? 'no'));
  if (ofClient !== undefined) return put('INFRA', ofClient, `${text}: from a client of ${ofClient.text}`);
  const isBefore = ({ until = Infinity }: IncidentFacts): boolean => until < began && until >= connected;
  const before = all.find((incident) => uses.has(incident.resource) && isBefore(incident));
  if (before === undefined || during.some(({ resource }) => uses.has(resource))) return undefined;
  return put('UNSURE', before, `${text}: perhaps over a connection from before ${before.text}`);
}

/** Milliseconds in which the end of a process is noticed by then. */
const NOTICED_MS = 100;

/** A connection can break some moments before it is known why. What else fails well before a process ends is not its. */
function overlaps({ from, until = Infinity, exact }: IncidentFacts, error: Thrown, failed: Failed): boolean {
  const last = exact && error.kind !== 'connection' ? failed.ended + NOTICED_MS : failed.asked;
  return from <= last && until >= failed.began;
}

const own: Blame = { verdict: 'LOGIC', reasons: [] };

function put(verdict: 'INFRA' | 'UNSURE', { id }: IncidentFacts, why: string): Blame {
  return { verdict, incident: id, reasons: [why] };
}

function stoodAt({ addresses }: IncidentFacts, { unreached }: Thrown): boolean {
  return unreached.some(({ host, port }) =>
    (LOOPBACK.has(host) ? [...LOOPBACK] : [host]).some((name) => addresses.includes(addressText({ host: name, port }))),
  );
}
