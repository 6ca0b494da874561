/**
 * What a failed spec is put down to. A failure is the test's own unless evidence ties it to an incident that a resource
 * of the spec had: what the spec may use, when it ran, and what its errors say. What could be either is UNSURE.
 */
import { addressText } from '../protocol/address.ts';
import type { Thrown } from './thrown.ts';

/** An interval in which a resource was not healthy, as far as verdicts need it. Times: milliseconds since the epoch. */
export interface IncidentFacts {
  readonly id: string;
  readonly resource: string;
  /** Kind of the resource: `postgres`, `redis`, `command`, … */
  readonly kind: string;
  /** Where the resource was reached. */
  readonly addresses: readonly string[];
  /** When it was last known to be healthy. */
  readonly lastGood: number;
  /** Undefined: it is not healthy again. */
  readonly until?: number;
  /** In words: `kafka unhealthy 20:41:07–20:41:21, exit 137 (SIGKILL)`. */
  readonly text: string;
}

/** A spec that has failed. */
export interface Failed {
  readonly began: number;
  readonly ended: number;
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
  const during = all.filter(({ lastGood, until = Infinity }) => lastGood <= failed.ended && until >= failed.began);
  const addressed = during.find((incident) => stoodAt(incident, error));
  if (error.kind === 'connection' && addressed !== undefined) {
    return failed.uses.has(addressed.resource)
      ? put('INFRA', addressed, `${error.text}: that is ${addressed.text}`)
      : put('UNSURE', addressed, `${error.text}: that is ${addressed.text}, which this spec does not say it needs`);
  }
  // What it could not reach is something else.
  if (error.kind === 'connection' && error.unreached.length > 0) return own;
  const used = during.find((incident) => failed.uses.has(incident.resource));
  if (error.kind === 'connection') {
    const ofClient = during.find(({ resource, kind }) => failed.uses.has(resource) && kind === error.client);
    if (ofClient !== undefined) return put('INFRA', ofClient, `${error.text}: from a client of ${ofClient.text}`);
    const before = all.find(
      ({ resource, until = Infinity }) =>
        failed.uses.has(resource) && until < failed.began && until >= failed.connected,
    );
    if (used === undefined && before !== undefined) {
      return put('UNSURE', before, `${error.text}: perhaps over a connection from before ${before.text}`);
    }
  }
  if (used === undefined) return own;
  const what = error.kind === 'timeout' ? 'time ran out' : 'it failed';
  return put('UNSURE', used, `${what} while it could use ${used.text}`);
}

const own: Blame = { verdict: 'LOGIC', reasons: [] };

function put(verdict: 'INFRA' | 'UNSURE', { id }: IncidentFacts, why: string): Blame {
  return { verdict, incident: id, reasons: [why] };
}

function stoodAt({ addresses }: IncidentFacts, { unreached }: Thrown): boolean {
  return unreached.some((one) => addresses.includes(addressText(one)));
}
