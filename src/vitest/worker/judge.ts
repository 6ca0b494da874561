import { blame, type Failed, type IncidentFacts } from '../../attribution/blame.ts';
import { unreachedIn } from '../../attribution/addresses.ts';
import { thrownFacts } from '../../attribution/thrown.ts';
import { toFailure } from '../../protocol/failure.ts';
import type { Incident } from '../../protocol/incident.ts';
import type { Endpoints } from '../../protocol/plan.ts';
import { now, pause } from './clock.ts';
import { contradicts, explain, type Known } from './endpoints.ts';
import type { FileMembership } from './membership.ts';
import { addFacts, type Told } from './say.ts';
import { setBlame, setInfra, setLogic } from './verdicts.ts';

/** How often, 10 ms apart, the coordinator is asked until it has noticed the end of what refuses connections. */
const TRIES = 50;

/** When a spec began, and when its clean-up did, in milliseconds since 1970. */
export type Times = Pick<Failed, 'began' | 'ended'>;

/**
 * Puts down the errors of a file or spec to what they come of: the end of the infrastructure, an incident of a resource
 * that it may use, or itself. Says of the addresses that they could not reach what stands there. The coordinator is
 * asked, because a service can die some moments before the end of the connection is seen here.
 */
export async function judge(
  task: { readonly meta: object },
  errors: readonly Told[],
  membership: FileMembership,
  times: Times,
): Promise<void> {
  const [first] = errors;
  if (!membership.joined || first === undefined) return;
  const unreached = errors.map((error) => ({ error, addresses: unreachedIn(error) }));
  const all = unreached.flatMap(({ addresses }) => addresses);
  let incidents: readonly Incident[];
  let known: Known;
  try {
    incidents = await decided(membership);
    known = await settled(membership, (current) => !all.some((one) => contradicts(one, current)));
  } catch (error) {
    const failure = toFailure(error, 'COORDINATOR_LOST');
    // A coordinator that is slow says nothing about what it has started.
    if (failure.code === 'COORDINATOR_UNRESPONSIVE') setLogic(task, []);
    else setInfra(task, failure);
    addFacts(first, [`${failure.message} [${failure.code}]`]);
    return;
  }
  const at = now();
  const { joinedAt: connected = 0, usable: uses, endpoints } = membership;
  const failed = { ...times, asked: at, connected, uses, errors: errors.map(thrownFacts) };
  const verdict = blame(
    failed,
    incidents.map((incident) => factsOf(incident, endpoints)),
  );
  addFacts(first, verdict.reasons);
  const lines = unreached.map(({ error, addresses }) => {
    const explained = addresses.map((one) => explain(one, known));
    // An incident says it better.
    if (verdict.verdict !== 'INFRA') addFacts(error, explained);
    return explained;
  });
  const addresses = [...new Set(lines.flat())].map((text) => ({ kind: 'address', text, at }));
  const incident = incidents.find(({ id }) => id === verdict.incident);
  const reasons = verdict.reasons.map((text) => ({ kind: 'incident', text, at: incident?.from ?? at }));
  setBlame(task, verdict, [...reasons, ...addresses], incident?.failure.code);
}

function factsOf(incident: Incident, endpoints: Endpoints): IncidentFacts {
  const { id, resource, addresses, from, until, noticed, failure } = incident;
  const protocol = /^(postgres|redis)/.exec(String(endpoints[resource]?.['url']))?.[1];
  return {
    id,
    resource,
    addresses,
    from,
    ...(until === undefined ? {} : { until }),
    ...(protocol === undefined ? {} : { client: protocol as NonNullable<IncidentFacts['client']> }),
    exact: noticed === 'lost',
    text: `${resource}, in incident ${id}: ${failure.message}`,
  };
}

/** What is known of incidents, after a check; where one that did not pass may be the end of a process, as soon as it is known. */
async function decided(membership: FileMembership): Promise<readonly Incident[]> {
  let incidents = await membership.incidents(true);
  for (let left = TRIES; left > 0 && !incidents.every(isDecided); left -= 1) {
    await pause(10);
    incidents = await membership.incidents(false);
  }
  return incidents;
}

function isDecided({ noticed, checks, until }: Incident): boolean {
  return noticed === 'lost' || checks.length > 1 || until !== undefined;
}

/** What the coordinator knows, as soon as it agrees with what was seen here. */
async function settled(membership: FileMembership, agrees: (known: Known) => boolean): Promise<Known> {
  for (let left = TRIES; ; left -= 1) {
    const known = { ...(await membership.state()), given: membership.endpoints };
    if (agrees(known) || left === 0) return known;
    await pause(10);
  }
}
