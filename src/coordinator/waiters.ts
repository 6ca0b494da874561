/** Waiters and gates: every waiter gets ready, or an error with its cause, by its deadline (I3). */
import { rootCause, type Failure } from '../protocol/failure.ts';
import { HELD_MS } from '../protocol/plan.ts';
import { closure } from './graph.ts';
import { chain, each, omit, step, withGate, type Step } from './step.ts';
import type { GateWait } from '../protocol/messages.ts';
import { gateKey, gateLease, gateName } from './gate-keys.ts';
import { hasSlices, makeSlices } from './slices.ts';
import { begunUse, keptOut } from './uses.ts';
import type { GateState, Slice, State, Waiter } from './state.ts';

/** Everything a waiter waits for: what it asked for, what its gates need, and what those need. */
export function neededBy(state: State, waiter: Pick<Waiter, 'resources' | 'gates' | 'exclusive'>): readonly string[] {
  const ofGates = waiter.gates.flatMap((gate) => state.graph.gates[gate.name]?.needs ?? []);
  return closure(state.graph, [...waiter.resources, ...(waiter.exclusive ?? []), ...ofGates]);
}

/** Of a gate that asks for room, there must be some for all workers of the waiter's run. */
export function withRoom({ graph, leases }: State, gate: GateWait, lease: string): GateWait {
  if (graph.gates[gate.name]?.room !== true) return gate;
  const run = leases[lease]?.run;
  const workers = Object.values(leases).flatMap((other) => (other.run === run ? (other.workers ?? []) : []));
  return { ...gate, atLeast: Math.max(gate.atLeast ?? 1, ...workers) };
}

/** The most that somebody waits for at this gate. */
export function awaitedGeneration(state: State, key: string): number | undefined {
  const awaited = state.waiters.flatMap(({ gates, lease }) =>
    gates.flatMap(({ name, atLeast }) => (gateKey(state, name, lease) === key ? (atLeast ?? []) : [])),
  );
  return awaited.length === 0 ? undefined : Math.max(...awaited);
}

const isReady = (state: State, name: string): boolean => state.resources[name]?.state === 'ready';

/** Who has no slot does not wait for what each worker has of its own. */
function passes(state: State, { lease }: Waiter, { name, atLeast }: GateWait): boolean {
  const key = gateKey(state, name, lease);
  return key === undefined || isOpen(state.gates[key], atLeast);
}

function isOpen(gate: GateState | undefined, atLeast: number | undefined): boolean {
  if (gate?.state !== 'open' && gate?.state !== 'advancing') return false;
  return atLeast === undefined || (gate.generation ?? -Infinity) >= atLeast;
}

/** Answers every waiter that can be answered, and probes exactly the gates that somebody waits for. */
export function settle(state: State): Step {
  return chain(each(state.waiters, settleOne)(state), probeAwaited, restUnawaited);
}

function settleOne(state: State, waiter: Waiter): Step {
  const needed = neededBy(state, waiter);
  const failed = needed.map((name) => state.resources[name]).find((resource) => resource?.state === 'failed');
  if (failed?.state === 'failed') return answerFailed(state, waiter, failed.failure);
  const ready = needed.every((name) => isReady(state, name));
  const out = ready && keptOut(state, waiter, needed) !== undefined;
  if (!out && waiter.held === true) return noLongerHeld(state, waiter);
  if (!ready) return step(state);
  if (out) return held(state, waiter);
  if (!hasSlices(state, waiter, needed)) return makeSlices(state, waiter, needed);
  if (!waiter.gates.every((gate) => passes(state, waiter, gate)))
    return waiter.timed ? step(state) : arm(state, waiter);
  const { member, request, lease } = waiter;
  return chain(forget(begunUse(state, waiter, needed), waiter), (current) =>
    step(current, { do: 'answer-ready', member, request, lease }),
  );
}

/** A slice could not be made: whoever of its lease waits for that resource is told why. */
export function sliceRefused(state: State, { lease, resource }: Slice, failure: Failure): Step {
  const waiting = state.waiters.filter(
    (waiter) => waiter.lease === lease && neededBy(state, waiter).includes(resource),
  );
  return each(waiting, (current, waiter) => answerFailed(current, waiter, failure))(state);
}

/** It is held for others only; how long, is limited, unless the member has set a time for all of its wait. */
function held(state: State, waiter: Waiter): Step {
  if (waiter.held === true || waiter.timeout !== undefined) return step(state);
  return step(withWaiter(state, { ...waiter, held: true }), { do: 'set-timer', timer: ownTimer(waiter), ms: HELD_MS });
}

function noLongerHeld(state: State, waiter: Waiter): Step {
  const { held: _held, ...rest } = waiter;
  return chain(step(withWaiter(state, rest), { do: 'clear-timer', timer: ownTimer(waiter) }), (current) =>
    settleOne(current, rest),
  );
}

const withWaiter = (state: State, waiter: Waiter): State => ({
  ...state,
  waiters: state.waiters.map((other) => (other.id === waiter.id ? waiter : other)),
});

/** A waiter's clocks: one for what the member set, else one for each gate. */
interface Clock {
  readonly timer: string;
  readonly ms: number;
  readonly gate?: string;
}

const WAIT = 'wait:';
const ownTimer = ({ id }: Pick<Waiter, 'id'>): string => `${WAIT}${id}`;
export const isWaitTimer = (timer: string): boolean => timer.startsWith(WAIT);

function clocksOf(state: State, { id, timeout, gates }: Waiter): readonly Clock[] {
  if (timeout !== undefined) return [{ timer: ownTimer({ id }), ms: timeout }];
  return gates.map(({ name }) => {
    return { timer: `${WAIT}${id}:${name}`, ms: state.graph.gates[name]?.timeout ?? 0, gate: name };
  });
}

/** Starts a waiter's clocks. */
export function arm(state: State, waiter: Waiter): Step {
  const clocks = clocksOf(state, waiter);
  return step(
    withWaiter(state, { ...waiter, timed: true }),
    ...clocks.map(({ timer, ms }) => ({ do: 'set-timer', timer, ms }) as const),
  );
}

/** It waits no more: it is answered, or gone. */
export function forget(state: State, waiter: Waiter): Step {
  const waiters = state.waiters.filter((other) => other.id !== waiter.id);
  const timers = clocksOf(state, waiter).map(({ timer }) => timer);
  const all = waiter.held === true ? [...timers, ownTimer(waiter)] : timers;
  return step({ ...state, waiters }, ...all.map((timer) => ({ do: 'clear-timer', timer }) as const));
}

function answerFailed(state: State, waiter: Waiter, failure: Failure): Step {
  const { member, request } = waiter;
  return chain(forget(state, waiter), (current) => step(current, { do: 'answer-failed', member, request, failure }));
}

/** A clock has run out: the waiter is told what is lacking, and what the last probe answered. */
export function expire(state: State, timer: string): Step {
  for (const waiter of state.waiters) {
    if (waiter.held === true && timer === ownTimer(waiter))
      return answerFailed(state, waiter, lacking(state, waiter, { timer, ms: HELD_MS }));
    const clock = clocksOf(state, waiter).find((candidate) => candidate.timer === timer);
    if (clock === undefined) continue;
    const open = clock.gate !== undefined && !shutFor(state, waiter).some(({ name }) => name === clock.gate);
    return open ? step(state) : answerFailed(state, waiter, lacking(state, waiter, clock));
  }
  return step(state);
}

/** The gates that are not open for this waiter. */
export const shutFor = (state: State, waiter: Waiter): readonly GateWait[] =>
  waiter.gates.filter((gate) => !passes(state, waiter, gate));

const gateOf = (state: State, { lease }: Waiter, name: string): GateState | undefined =>
  state.gates[gateKey(state, name, lease) ?? name];

function lacking(state: State, waiter: Waiter, clock: Clock): Failure {
  const resources = neededBy(state, waiter)
    .filter((name) => !isReady(state, name))
    .map((name) => `${name} is ${state.resources[name]?.state ?? 'unknown'}`);
  const shut = shutFor(state, waiter);
  const gate = clock.gate ?? shut[0]?.name;
  const gates = shut
    .toSorted((a, b) => Number(b.name === gate) - Number(a.name === gate))
    .map(({ name, atLeast }) => {
      const answer = describeGate(gateOf(state, waiter, name), atLeast);
      return name === gate ? `it ${answer}` : `gate ${name} ${answer}`;
    });
  const kept = resources.length > 0 ? undefined : keptOut(state, waiter, neededBy(state, waiter));
  const lacks = [...gates, ...resources, ...(kept === undefined ? [] : [kept])].join('; ');
  const hint = 'see `greenroom status`, and `greenroom logs RESOURCE` for what it waits for';
  return gate === undefined
    ? { code: 'WAIT_TIMEOUT', message: `not ready after ${clock.ms} ms: ${lacks}`, hint }
    : {
        code: 'GATE_TIMEOUT',
        message: `gate ${gate} did not open within ${clock.ms} ms: ${lacks}`,
        subject: gate,
        hint,
      };
}

function describeGate(gate: GateState | undefined, atLeast: number | undefined): string {
  switch (gate?.state) {
    case 'open':
    case 'advancing':
      return `is at generation ${gate.generation ?? 'unknown'}, not yet at ${atLeast ?? 'any'}`;
    case 'probing':
      return `is closed: ${gate.answer ?? 'its probe has not answered yet'}`;
    default:
      return 'is closed and was not probed, because what it needs is not ready';
  }
}

/** Key of each gate that a waiter waits for, with a waiter. */
function awaitedGates(state: State): ReadonlyMap<string, Waiter> {
  const shut = state.waiters.flatMap((waiter) =>
    shutFor(state, waiter).map(({ name }) => [gateKey(state, name, waiter.lease) ?? name, waiter] as const),
  );
  return new Map(shut);
}

const isProbed = (gate: GateState | undefined): boolean => gate?.state === 'probing' || gate?.state === 'advancing';

function probeAwaited(state: State): Step {
  return each([...awaitedGates(state)], (current, [key, waiter]) => {
    const gate = current.gates[key];
    const needs = closure(current.graph, current.graph.gates[gateName(key)]?.needs ?? []);
    if (isProbed(gate) || !needs.every((needed) => isReady(current, needed))) return step(current);
    if (gateLease(key) !== undefined && !hasSlices(current, waiter, needs)) return step(current);
    const next: GateState = gate?.state === 'open' ? { ...gate, state: 'advancing' } : { state: 'probing' };
    return step(withGate(current, key, next), { do: 'probe-gate', gate: key });
  })(state);
}

function restUnawaited(state: State): Step {
  const awaited = awaitedGates(state);
  return each(Object.keys(state.gates), (current, name) => {
    const gate = current.gates[name];
    if (!isProbed(gate) || awaited.has(name)) return step(current);
    return step(withGate(current, name, gate?.state === 'advancing' ? opened(gate.generation) : { state: 'closed' }), {
      do: 'rest-gate',
      gate: name,
    });
  })(state);
}

const opened = (generation: number | undefined): GateState =>
  generation === undefined ? { state: 'open' } : { state: 'open', generation };

/** A gate's probe passed. It is probed on while somebody waits for a higher generation than it answered. */
export function gatePassed(state: State, name: string, generation: number | undefined): Step {
  if (!isProbed(state.gates[name])) return step(state);
  const open = withGate(state, name, opened(generation));
  if (awaitedGates(open).has(name)) return step(withGate(state, name, { ...opened(generation), state: 'advancing' }));
  return step(open, { do: 'rest-gate', gate: name });
}

export function gateRefused(state: State, name: string, answer: string): Step {
  const gate = state.gates[name];
  const probed = gate?.state === 'probing' || gate?.state === 'advancing';
  return probed ? step(withGate(state, name, { ...gate, answer })) : step(state);
}

/** A gate's probe can never pass; it rests as it was before somebody waited for it, until somebody does again. */
export function gateFailed(state: State, name: string, failure: Failure): Step {
  const gate = state.gates[name];
  if (!isProbed(gate)) return step(state);
  const waiting = state.waiters.filter((waiter) =>
    shutFor(state, waiter).some((shut) => gateKey(state, shut.name, waiter.lease) === name),
  );
  const rested = gate?.state === 'advancing' ? opened(gate.generation) : ({ state: 'closed' } as const);
  return chain(
    step(withGate(state, name, rested), { do: 'rest-gate', gate: name }),
    each(waiting, (current, waiter) => answerFailed(current, waiter, failure)),
  );
}

/**
 * A lost resource closes the gates over it: they were true of something that is gone. A lost slice closes those of
 * its lease alone.
 */
export function closeGatesOver(state: State, resource: string, lease?: string): Step {
  const over = Object.keys(state.gates).filter(
    (key) =>
      (lease === undefined || gateLease(key) === lease) &&
      closure(state.graph, state.graph.gates[gateName(key)]?.needs ?? []).includes(resource),
  );
  return each(over, (current, name) => {
    const wasProbing = isProbed(current.gates[name]);
    const closed = withGate(current, name, { state: 'closed' });
    return wasProbing ? step(closed, { do: 'rest-gate', gate: name }) : step(closed);
  })(state);
}

/** The gates that are this lease's own go with it. */
export function forgetGates(lease: string): (state: State) => Step {
  return (state) => {
    const own = Object.keys(state.gates).filter((key) => gateLease(key) === lease);
    return each(own, (current, key) => {
      const without = { ...current, gates: omit(current.gates, key) };
      return isProbed(current.gates[key]) ? step(without, { do: 'rest-gate', gate: key }) : step(without);
    })(state);
  };
}

/** Everybody who still waits is told why it will not come. */
export function failAll(failure: Failure): (state: State) => Step {
  return (state) => each(state.waiters, (current, waiter) => answerFailed(current, waiter, rootCause(failure)))(state);
}
