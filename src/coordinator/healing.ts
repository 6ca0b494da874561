/** A resource that is not well: READY ⇄ UNHEALTHY → RESTARTING → READY, or FAILED when it cannot be brought back. */
import { endedBy, givenUp, unhealthyText, withCheck, withRestart, type Begin } from '../health/incidents.ts';
import { counted, waitBefore } from '../health/policy.ts';
import type { Failure } from '../protocol/failure.ts';
import type { Endpoint } from '../protocol/plan.ts';
import type { Effect, Event } from './events.ts';
import { answerHealthWaits } from './health-waits.ts';
import { changeIncident, countOf, endIncident, incidentOf, withCount, withIncident } from './incidents.ts';
import { beforeOf, hasFailed, restartDependents, stateOf } from './resource-machine.ts';
import { dropSlices } from './slices.ts';
import type { Ready, ResourceState, State } from './state.ts';
import { chain, step, withResource, type Step } from './step.ts';
import { closeGatesOver } from './waiters.ts';

/** Milliseconds between two checks of what is not well and cannot be restarted. */
const CHECK_AGAIN_MS = 250;
/** Milliseconds until the second check: if its process has ended, that is known by then. */
const CHECK_TWICE_MS = 50;

const checkIn = (ms: number, name: string): Effect => ({ do: 'set-timer', timer: `check:${name}`, ms });

const TIMERS = ['restart:', 'check:', 'heal:'] as const;
export const isHealTimer = (timer: string): boolean => TIMERS.some((prefix) => timer.startsWith(prefix));

/** A ready resource went away, or an attempt to bring it back failed. `final`: it cannot be brought back in its place. */
export function lost(
  state: State,
  name: string,
  { failure, final }: { readonly failure: Failure; readonly final: boolean },
  at: number,
): Step {
  const now = stateOf(state, name);
  const before = readyOf(now);
  if (before === undefined) return step(state); // it is being torn down
  const again = final || policyOf(state, name).max === 0 ? undefined : restart(name, failure, at);
  return chain(
    leave(state, name, { noticed: 'lost', failure, from: at }),
    (current) => step(changeIncident(current, { resource: name }, endedBy(failure))),
    again ?? ((current) => giveUp(current, name, before === now ? failure : undefined, failure, at)),
  );
}

/** A check has ended. The first that does not pass is asked again before anything is restarted. */
export function checked(
  state: State,
  name: string,
  problem: Extract<Event, { kind: 'checked' }>['problem'],
  at: number,
): Step {
  const counting = withCount(state, name, { checks: countOf(state, name).checks + 1 });
  const now = stateOf(counting, name);
  const healing = (): Step => {
    if (!goesOn(state)) return step(counting);
    if (problem === undefined) return now.state === 'unhealthy' ? recovered(counting, name, at) : step(counting);
    const { what, answer, ...log } = problem;
    const check = { at, what, answer };
    const failure: Failure = {
      code: 'RESOURCE_UNHEALTHY',
      message: unhealthyText(name, what, answer),
      subject: name,
      ...log,
    };
    if (now.state === 'ready') {
      return chain(leave(counting, name, { noticed: what, failure, from: at, check }), (current) =>
        step(unhealthy(current, name, failure, now, at, 'check'), checkIn(CHECK_TWICE_MS, name)),
      );
    }
    const noted = changeIncident(counting, { resource: name }, withCheck(check));
    if (now.state !== 'unhealthy' || now.next !== 'check') return step(noted);
    if (policyOf(noted, name).max > 0) return restart(name, failure, at)(noted);
    return step(noted, checkIn(CHECK_AGAIN_MS, name));
  };
  return chain(healing(), answerHealthWaits);
}

/** A restart has brought it back, or a start what had been given up. */
export function healed(name: string, endpoint: Endpoint, at: number): (state: State) => Step {
  return (state) => {
    const now = stateOf(state, name);
    if (now.state === 'ready') return chain(step(endIncident(state, { resource: name }, at)), answerHealthWaits);
    if (now.state !== 'restarting' || now.before === undefined) return step(state);
    const { took, endpoint: old } = now.before;
    return chain(
      wellAgain(state, name, { state: 'ready', since: at, took, endpoint }, at),
      isSame(old, endpoint) ? step : restartDependents(name, now.failure, at),
    );
  };
}

/** One of the timers of this part has fired; what was true when it was set may not be. */
export function onHealTimer(state: State, timer: string, at: number): Step {
  const [what = '', name = ''] = timer.split(':', 2);
  if (!goesOn(state)) return step(state);
  const now = stateOf(state, name);
  const { timeout } = policyOf(state, name);
  if (what === 'heal' && beforeOf(now) !== undefined && 'failure' in now) {
    return giveUp(state, name, undefined, now.failure, at, `within ${timeout} ms`);
  }
  if (now.state !== 'unhealthy' || now.next !== what) return step(state);
  return what === 'check' ? step(state, { do: 'check', resource: name }) : restartNow(state, name, now.failure, at);
}

/** What a resource has that nobody has declared anything for: a loss is final. */
const FINAL = { max: 0, backoff: 0, timeout: 60_000 };

/** How it is, or was, when it was ready; undefined for one that is being torn down. */
const readyOf = (now: ResourceState): Ready | undefined => (now.state === 'ready' ? now : beforeOf(now));

/** What stops is not brought back. */
const goesOn = ({ phase }: State): boolean => phase === 'open' || phase === 'draining';

const policyOf = (state: State, name: string) => (goesOn(state) && state.graph.resources[name]?.restart) || FINAL;

/** From here on nobody is let through to it. */
function leave(state: State, name: string, what: Omit<Begin, 'resource' | 'endpoint'>): Step {
  const now = stateOf(state, name);
  if (now.state !== 'ready') return step(state);
  const begun = withIncident(state, { ...what, resource: name, endpoint: now.endpoint });
  const ms = policyOf(state, name).timeout;
  return chain(step(begun, { do: 'tell', resource: name }, { do: 'set-timer', timer: `heal:${name}`, ms }), (current) =>
    closeGatesOver(current, name),
  );
}

/** At once or after a while, as far as the budget goes. */
function restart(name: string, failure: Failure, at: number): (state: State) => Step {
  return (state) => {
    const wait = waitBefore(policyOf(state, name), countOf(state, name).restarts, at);
    if (wait === undefined) return giveUp(state, name, undefined, failure, at);
    if (wait === 0) return restartNow(state, name, failure, at);
    const now = stateOf(state, name);
    const before = readyOf(now);
    if (before === undefined) return step(state);
    const waiting = unhealthy(state, name, failure, before, at, 'restart');
    return step(waiting, { do: 'set-timer', timer: `restart:${name}`, ms: wait });
  };
}

export function restartNow(state: State, name: string, failure: Failure, at: number): Step {
  const now = stateOf(state, name);
  const before = readyOf(now);
  if (before === undefined) return step(state);
  const epoch = (state.epochs[name] ?? 0) + 1;
  const restarts = [...counted(countOf(state, name).restarts, at), at];
  const noted = changeIncident(withCount(state, name, { restarts }), { resource: name }, withRestart);
  const restarting = withResource({ ...noted, epochs: { ...noted.epochs, [name]: epoch } }, name, {
    state: 'restarting',
    since: at,
    failure,
    before,
  });
  const keeps = state.graph.resources[name]?.keepsSlices === true;
  return chain(keeps ? step(restarting) : dropSlices(({ resource }) => resource === name)(restarting), (current) =>
    step(current, { do: 'restart', resource: name, epoch, failure }),
  );
}

/** It answers again, and is the same as before. */
function recovered(state: State, name: string, at: number): Step {
  const now = stateOf(state, name);
  if (now.state !== 'unhealthy' || now.next !== 'check') return step(state);
  return wellAgain(state, name, now.before, at);
}

function wellAgain(state: State, name: string, ready: Ready, at: number): Step {
  return chain(
    step(
      endIncident(withResource(state, name, ready), { resource: name }, at),
      { do: 'clear-timer', timer: `heal:${name}` },
      { do: 'tell', resource: name },
    ),
    answerHealthWaits,
  );
}

/**
 * It has failed for good, and whoever is held is told so.
 *
 * @param asItIs the failure as it was told, where nothing was tried; otherwise it says what was
 */
function giveUp(
  state: State,
  name: string,
  asItIs: Failure | undefined,
  cause: Failure,
  at: number,
  within?: string,
): Step {
  const incident = incidentOf(state, { resource: name });
  const tries = incident?.restarts ?? 0;
  const failure: Failure = asItIs ?? {
    code: 'RESOURCE_LOST',
    message: `${name} was not healed${within === undefined ? '' : ` ${within}`} (incident ${incident?.id}, ${tries} restarts)`,
    subject: name,
    hint: `see \`greenroom logs ${name}\`; \`greenroom up --retry\` starts it anew`,
    cause,
  };
  const noted = changeIncident(state, { resource: name }, givenUp(failure));
  return chain(
    hasFailed(noted, name, failure, at),
    (current) => step(current, ...TIMERS.map((prefix) => ({ do: 'clear-timer', timer: prefix + name }) as const)),
    (current) => step(current, { do: 'tell', resource: name }),
    dropSlices(({ resource }) => resource === name),
  );
}

function unhealthy(
  state: State,
  name: string,
  failure: Failure,
  before: Ready,
  since: number,
  next: 'check' | 'restart',
): State {
  return withResource(state, name, { state: 'unhealthy', since, failure, before, next });
}

/** Whether who uses it need not notice. */
function isSame(old: Endpoint, now: Endpoint): boolean {
  const { epoch: _before, ...was } = old;
  const { epoch: _after, ...is } = now;
  return JSON.stringify(was) === JSON.stringify(is);
}
