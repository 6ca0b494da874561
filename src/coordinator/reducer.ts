/**
 * The heart: what each event means. Pure, so that it can be run against a model, and so that every view of a
 * generation is a fold over its event log. Nothing here reads a clock, a file or a socket; events carry their time.
 */
import { advance, becameReady, hasFailed, retryFailed, stateOf, want, wasCleaned } from './resource-machine.ts';
import { checked, healed, isHealTimer, lost, onHealTimer } from './healing.ts';
import { chaosAsked, chaosFailed } from './chaos.ts';
import { rested, tellOthers } from './uses.ts';
import { awaitHealth, expireHealthWait, isHealthWaitTimer } from './health-waits.ts';
import { partLost, partMade } from './incidents.ts';
import { SUITE } from '../protocol/plan.ts';
import { finishing, suiteCleaned } from './finish.ts';
import { drainOrRescue, frozen, joined, left, onTimer, stop, taken, thawed } from './leases.ts';
import { actOnSlices, dropSlices, sliceDropped, sliceFailed, sliceLost, sliceMade } from './slices.ts';
import { chain, step, stoppedFailure, type Step } from './step.ts';
import {
  arm,
  closeGatesOver,
  expire,
  gateFailed,
  gatePassed,
  gateRefused,
  withRoom,
  isWaitTimer,
  neededBy,
  settle,
  sliceRefused,
} from './waiters.ts';
import type { Event } from './events.ts';
import type { Graph, State, Waiter } from './state.ts';

/** A generation that has just won its election. */
export function initialState(graph: Graph): State {
  const all = <T>(names: object, value: T): Record<string, T> =>
    Object.fromEntries(Object.keys(names).map((name) => [name, value]));
  return {
    graph,
    phase: 'electing',
    resources: all(graph.resources, { state: 'declared' }),
    epochs: {},
    gates: all(graph.gates, { state: 'closed' }),
    wanted: [],
    leases: {},
    quarantine: {},
    slices: {},
    sliceCount: 0,
    waiters: [],
    uses: [],
    finishers: [],
    incidents: [],
    incidentCount: 0,
    health: {},
    healthWaits: [],
    stopped: {},
    builds: {},
    hold: false,
    joined: false,
    peakLeases: 0,
  };
}

/** One event, one step. */
export function reduce(state: State, event: Event): Step {
  if (state.phase === 'stopped') return step(state);
  switch (event.kind) {
    case 'elected':
      if (state.phase !== 'electing') return step(state);
      return chain(step({ ...state, phase: 'open' }), drainOrRescue, advance(event.at), settle);
    case 'joined':
      return joined(state, event);
    case 'left':
      return left(state, event.lease, event.at);
    case 'taken':
      return taken(state, event.lease, event.pid);
    case 'finishing':
      return finishing(state, { member: event.member, request: event.request });
    case 'frozen':
      return frozen(state, event.lease, event.at);
    case 'thawed':
      return thawed(state, event.lease);
    case 'waiting':
      return waiting(state, event);
    case 'ready':
      return chain(
        becameReady(state, event.resource, event.endpoint, event.at),
        healed(event.resource, event.endpoint, event.at),
        advance(event.at),
        settle,
      );
    case 'failed':
      return chain(failed(state, event), advance(event.at), settle);
    case 'checked':
      return chain(checked(state, event.resource, event.problem, event.at), advance(event.at), settle);
    case 'health.awaited':
      return awaitHealth(state, event);
    case 'cleaned':
      return chain(
        wasCleaned(state, event.resource),
        (current) => (event.resource === SUITE ? suiteCleaned(current, event.problems ?? []) : step(current)),
        advance(event.at),
        settle,
      );
    case 'slice.made':
      return chain(partMade(sliceMade(state, event.slice, event.endpoint), event.slice, event.at), settle);
    case 'slice.failed': {
      const { state: without, slice } = sliceFailed(state, event.slice);
      if (slice === undefined) return step(state);
      // Of what is not well no part can be made; who waits for one is held until it is well again.
      const held = ['unhealthy', 'restarting'].includes(stateOf(state, slice.resource).state);
      return chain(held ? step(without) : sliceRefused(without, slice, event.failure), settle);
    }
    case 'slice.lost': {
      const slice = state.slices[event.slice];
      const refused = slice?.state === 'making' ? sliceRefused(state, slice, event.failure) : step(state);
      return chain(
        refused,
        (current) => partLost(current, event.slice, event.failure, event.at),
        (current) => sliceLost(current, event.slice),
        (current) => (slice === undefined ? step(current) : closeGatesOver(current, slice.resource, slice.lease)),
        settle,
      );
    }
    case 'slice.dropped':
      return chain(sliceDropped(state, event.slice), settle);
    case 'released':
      return dropSlices(({ lease, unit }) => lease === event.lease && unit === event.unit)(state);
    case 'slices.asked':
      return actOnSlices(state, event);
    case 'rested':
      return settle(rested(state, event));
    case 'chaos.asked':
      return chaosAsked(state, event);
    case 'chaos.failed':
      return step(chaosFailed(state, event.whose));
    case 'gate.passed':
      return chain(gatePassed(state, event.gate, event.generation), settle);
    case 'gate.refused':
      return gateRefused(state, event.gate, event.answer);
    case 'gate.failed':
      return chain(gateFailed(state, event.gate, event.failure), settle);
    case 'hold':
      if (state.phase === 'stopping') return step(state);
      return chain(step({ ...want(state, event.resources), hold: true }), drainOrRescue, advance(event.at));
    case 'retry':
      if (state.phase === 'stopping') return step(state);
      return chain(
        retryFailed(state),
        (current) => dropSlices(({ resource }) => current.resources[resource]?.state !== 'ready')(current),
        advance(event.at),
        settle,
      );
    case 'stop':
      return stop(state, event.reason);
    case 'timer':
      return timeOut(state, event.timer, event.at);
    case 'built':
      return step({ ...state, builds: { ...state.builds, [event.resource]: event.fact } });
    case 'note':
    case 'flushed':
    case 'reported':
      return step(state);
  }
}

/** A start that failed is final; what was ready before may be brought back. */
function failed(state: State, { resource, failure, final, at }: Extract<Event, { kind: 'failed' }>): Step {
  if (stateOf(state, resource).state !== 'starting')
    return lost(state, resource, { failure, final: final ?? false }, at);
  return hasFailed(state, resource, failure, at);
}

function timeOut(state: State, timer: string, at: number): Step {
  if (isWaitTimer(timer)) return chain(expire(state, timer), settle);
  if (isHealthWaitTimer(timer)) return expireHealthWait(state, timer);
  if (isHealTimer(timer)) return chain(onHealTimer(state, timer, at), advance(at), settle);
  return onTimer(state, timer, at);
}

function waiting(state: State, event: Extract<Event, { kind: 'waiting' }>): Step {
  const { member, request, resources, gates, lease = member, unit, timeout, exclusive, at } = event;
  if (state.phase === 'stopping') {
    return step(state, { do: 'answer-failed', member, request, failure: stoppedFailure(state.stopReason) });
  }
  const waiter: Waiter = {
    id: `${member}:${request}`,
    member,
    lease,
    request,
    resources,
    ...(exclusive === undefined ? {} : { exclusive }),
    gates: gates.map((gate) => withRoom(state, gate, lease)),
    ...(unit === undefined ? {} : { unit }),
    since: at,
    timed: false,
    ...(timeout === undefined ? {} : { timeout }),
  };
  const added = want({ ...state, waiters: [...state.waiters, waiter] }, neededBy(state, waiter));
  const timed = timeout === undefined ? step(added) : arm(added, waiter);
  return chain(timed, (current) => tellOthers(current, waiter), advance(at), settle);
}
