import { toFailure } from '../../protocol/failure.ts';
import { unreachedIn } from './addresses.ts';
import { pause } from './clock.ts';
import { contradicts, explain, type Known } from './endpoints.ts';
import type { FileMembership } from './membership.ts';
import { incidentBehind, incidentText } from './incident-behind.ts';
import { addFacts, type Told } from './say.ts';
import { setInfra, setLogic } from './verdicts.ts';

/** How often, 10 ms apart, the coordinator is asked until it has noticed the end of what refuses connections. */
const TRIES = 50;

/**
 * Says of the errors of a file or spec what the infrastructure has to do with them: that it is gone, or what stands at
 * the addresses they could not reach. The coordinator is asked, because a service can die some moments before the end
 * of the connection is seen here.
 *
 * @param began when the spec did; without it, it is not asked whether an incident is behind it
 */
export async function judge(
  task: { readonly meta: object },
  errors: readonly Told[],
  membership: FileMembership,
  began?: number,
): Promise<void> {
  const [first] = errors;
  if (!membership.joined || first === undefined) return;
  const unreached = errors.map((error) => ({ error, addresses: unreachedIn(error) }));
  const all = unreached.flatMap(({ addresses }) => addresses);
  let known: Known;
  try {
    known = await settled(membership, (now) => !all.some((one) => contradicts(one, now)));
  } catch (error) {
    const failure = toFailure(error, 'COORDINATOR_LOST');
    // A coordinator that is slow says nothing about what it has started.
    if (failure.code === 'COORDINATOR_UNRESPONSIVE') setLogic(task, []);
    else setInfra(task, failure);
    addFacts(first, [`${failure.message} [${failure.code}]`]);
    return;
  }
  const lines = unreached.flatMap(({ error, addresses }) => {
    const explained = addresses.map((one) => explain(one, known));
    addFacts(error, explained);
    return explained;
  });
  const at = Date.now();
  const incident = began === undefined ? undefined : await incidentBehind(errors, membership, began);
  if (incident !== undefined) {
    const fact = incidentText(incident);
    addFacts(first, [fact]);
    setInfra(task, incident.failure, { incident: incident.id, evidence: [{ kind: 'incident', text: fact, at }] });
    return;
  }
  const evidence = [...new Set(lines)].map((text) => ({ kind: 'address', text, at }));
  setLogic(task, evidence);
}

/** What the coordinator knows, as soon as it agrees with what was seen here. */
async function settled(membership: FileMembership, agrees: (known: Known) => boolean): Promise<Known> {
  for (let left = TRIES; ; left -= 1) {
    const known = { ...(await membership.state()), given: membership.endpoints };
    if (agrees(known) || left === 0) return known;
    await pause(10);
  }
}
