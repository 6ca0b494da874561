/** Incidents: how they begin, what is added to them, and which of them concern a spec. Pure. */
import { addressesOf, addressText } from '../protocol/address.ts';
import type { Failure } from '../protocol/failure.ts';
import type { FailedCheck, Incident, Unhealthy } from '../protocol/incident.ts';
import type { Endpoint } from '../protocol/plan.ts';

/** As many checks as are kept of one incident. */
const CHECKS_MOST = 20;
/** As many as are kept of one generation; the oldest of those that are over go first. */
const INCIDENTS_MOST = 200;

/** What a new incident is made of. */
export interface Begin extends Pick<
  Incident,
  'resource' | 'noticed' | 'failure' | 'from' | 'lease' | 'slot' | 'stopped'
> {
  readonly endpoint: Endpoint | undefined;
  readonly check?: FailedCheck;
}

/** Of a resource, or of a lease's own part of it. */
export interface Whose {
  readonly resource: string;
  readonly lease?: string;
}

const isOf =
  ({ resource, lease }: Whose) =>
  (incident: Incident): boolean =>
    incident.resource === resource && incident.lease === lease;

/** The one that is going on. */
export function current(incidents: readonly Incident[], whose: Whose): Incident | undefined {
  return incidents.findLast((incident) => isOf(whose)(incident) && incident.until === undefined);
}

/** One more, unless one of the same is still going on: then it is that one. `number`: 1 for the first there ever was. */
export function begun(incidents: readonly Incident[], number: number, begin: Begin): readonly Incident[] {
  const { endpoint, check, ...rest } = begin;
  if (current(incidents, begin) !== undefined) return incidents;
  const addresses = [...new Set(endpoint === undefined ? [] : addressesOf(endpoint).map(addressText))];
  const next = { id: `I-${number}`, ...rest, checks: check === undefined ? [] : [check], restarts: 0, addresses };
  return withinLimit([...incidents, next]);
}

function withinLimit(incidents: readonly Incident[]): readonly Incident[] {
  if (incidents.length <= INCIDENTS_MOST) return incidents;
  const oldest = Math.max(
    0,
    incidents.findIndex(({ until }) => until !== undefined),
  );
  return incidents.toSpliced(oldest, 1);
}

/** Changes the one that is going on, if there is one. */
export function changed(
  incidents: readonly Incident[],
  whose: Whose,
  change: (incident: Incident) => Incident,
): readonly Incident[] {
  const open = current(incidents, whose);
  return open === undefined ? incidents : incidents.map((one) => (one === open ? change(one) : one));
}

export const withCheck =
  (check: FailedCheck) =>
  (incident: Incident): Incident =>
    incident.checks.length >= CHECKS_MOST ? incident : { ...incident, checks: [...incident.checks, check] };

/** What a check has noticed first turns out to be the end of its process: that says more. */
export const endedBy =
  (failure: Failure) =>
  (incident: Incident): Incident =>
    failure.exit === undefined || incident.failure.exit !== undefined || incident.restarts > 0
      ? incident
      : { ...incident, noticed: 'lost', failure };

export const withRestart = (incident: Incident): Incident => ({ ...incident, restarts: incident.restarts + 1 });

export const over =
  (at: number) =>
  (incident: Incident): Incident => ({ ...incident, until: at });

export const givenUp =
  (failure: Failure) =>
  (incident: Incident): Incident => ({ ...incident, gaveUp: failure });

/** What a check has found, in one sentence. */
export function unhealthyText(name: string, what: Unhealthy, answer: string): string {
  return what === 'reported' ? `${name} is unhealthy: ${answer}` : `the check of ${name} failed: ${answer}`;
}

/** What somebody asks about: incidents of these resources, as far as they concern this lease, in this time. */
export interface Question {
  readonly resources: readonly string[];
  readonly lease: string;
  readonly from: number;
  readonly until: number;
}

/** Those that touch: of one of the resources, the whole or this lease's own part of it, at some moment of the time. */
export function touching(incidents: readonly Incident[], question: Question): readonly Incident[] {
  const { resources, lease, from, until } = question;
  return incidents.filter(
    (one) =>
      resources.includes(one.resource) &&
      (one.lease === undefined || one.lease === lease) &&
      one.from <= until &&
      (one.until === undefined || one.until >= from),
  );
}
