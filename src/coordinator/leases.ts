/** Leases, slots, and the generation's life that follows from their number. */
import { chain, each, omit, step, stoppedFailure, withLease, type Step } from './step.ts';
import { forgetFailures, stopWhatCanStop } from './resource-machine.ts';
import { failAll, forget, forgetGates, settle } from './waiters.ts';
import { failHealthWaits, forgetHealthWaits } from './health-waits.ts';
import { partsGone } from './incidents.ts';
import { dropSlices } from './slices.ts';
import { usesGone } from './uses.ts';
import type { Event } from './events.ts';
import type { State } from './state.ts';

/** Milliseconds a generation waits for its first member; its starter may have died meanwhile. */
const FIRST_JOIN_MS = 5_000;
const LINGER_TIMER = 'linger';
const freezeTimer = (lease: string): string => `frozen:${lease}`;

const isInUse = (state: State): boolean => Object.keys(state.leases).length > 0 || state.hold;

/** Smallest number that no live or quarantined member has. */
function freeSlot(state: State): number {
  const leased = Object.values(state.leases).flatMap((lease) => (lease.slot === undefined ? [] : [lease.slot]));
  const inUse = new Set([...leased, ...Object.values(state.quarantine)]);
  let slot = 1;
  while (inUse.has(slot)) slot += 1;
  return slot;
}

/** The most workers that the config or a run that is here says; undefined where none says any. */
export function mostWorkers(configured: number | undefined, { leases }: Pick<State, 'leases'>): number | undefined {
  const all = [configured, ...Object.values(leases).map(({ workers }) => workers)].filter((one) => one !== undefined);
  return all.length === 0 ? undefined : Math.max(...all);
}

export function joined(state: State, event: Extract<Event, { kind: 'joined' }>): Step {
  const { lease, role, run, pid, workers, at } = event;
  const added = withLease(state, lease, {
    role,
    run,
    pid,
    since: at,
    ...(role === 'worker' ? { slot: freeSlot(state) } : {}),
    ...(workers === undefined ? {} : { workers }),
  });
  const peakLeases = Math.max(state.peakLeases, Object.keys(added.leases).length);
  return chain(step({ ...added, joined: true, peakLeases }), drainOrRescue);
}

/** A worker takes over the lease that the main process got for it: its process is the one that may freeze. */
export function taken(state: State, lease: string, pid: number): Step {
  const member = state.leases[lease];
  return step(member === undefined ? state : withLease(state, lease, { ...member, pid }));
}

/** A member's connection is closed: it is dead, or gave its lease back. */
export function left(state: State, lease: string, at: number): Step {
  const gone = state.waiters.filter((waiter) => waiter.member === lease);
  const quiet = chain(
    step(
      {
        ...state,
        leases: omit(state.leases, lease),
        quarantine: omit(state.quarantine, lease),
        finishers: state.finishers.filter(({ member }) => member !== lease),
      },
      {
        do: 'clear-timer',
        timer: freezeTimer(lease),
      },
    ),
    each(gone, forget),
    forgetGates(lease),
    forgetHealthWaits(lease),
    (current) => step(usesGone(partsGone(current, lease, at), lease)),
    dropSlices((slice) => slice.lease === lease),
  );
  return chain(quiet, settle, drainOrRescue);
}

export function frozen(state: State, lease: string, at: number): Step {
  const member = state.leases[lease];
  if (member === undefined || member.frozenSince !== undefined) return step(state);
  return step(withLease(state, lease, { ...member, frozenSince: at }), {
    do: 'set-timer',
    timer: freezeTimer(lease),
    ms: state.graph.leaseTimeout,
  });
}

export function thawed(state: State, lease: string): Step {
  const member = state.leases[lease];
  if (member?.frozenSince === undefined) return step(state);
  const { frozenSince: _since, ...awake } = member;
  return step(withLease(state, lease, awake), { do: 'clear-timer', timer: freezeTimer(lease) });
}

/** A member was frozen for too long: it no longer counts, and its slot is free only when its process is dead. */
function revoke(state: State, lease: string, at: number): Step {
  const member = state.leases[lease];
  if (member === undefined) return step(state);
  const { slot } = member;
  const gone = left(state, lease, at);
  const revoked: Step = {
    state: slot === undefined ? gone.state : { ...gone.state, quarantine: { ...gone.state.quarantine, [lease]: slot } },
    effects: gone.effects,
  };
  return chain(revoked, (current) =>
    step(current, {
      do: 'revoke',
      member: lease,
      failure: {
        code: 'LEASE_REVOKED',
        message: `the lease of pid ${member.pid} was revoked, because it was stopped (state T) for ${state.graph.leaseTimeout} ms`,
        subject: lease,
        hint: 'raise `leaseTimeout` in the config if it is meant to be suspended for longer',
      },
    }),
  );
}

/** OPEN ⇄ DRAINING, by whether anybody uses the generation. The caller's event and this decision are one step. */
export function drainOrRescue(state: State): Step {
  const inUse = isInUse(state);
  if (state.phase === 'open' && !inUse) {
    const ms = state.joined ? state.graph.linger : FIRST_JOIN_MS;
    return chain(forgetFailures(state), (current) =>
      step({ ...current, phase: 'draining' }, { do: 'set-timer', timer: LINGER_TIMER, ms }),
    );
  }
  if (state.phase === 'draining' && inUse) {
    return step({ ...state, phase: 'open' }, { do: 'clear-timer', timer: LINGER_TIMER });
  }
  return step(state);
}

/** The linger is over, or a frozen member's time. Both are checked again: what was true when they were set may not be. */
export function onTimer(state: State, timer: string, at: number): Step {
  if (timer === LINGER_TIMER) {
    return state.phase === 'draining' && !isInUse(state) ? stop(state, 'nobody uses it any more') : step(state);
  }
  const lease = Object.keys(state.leases).find((id) => freezeTimer(id) === timer);
  return lease !== undefined && state.leases[lease]?.frozenSince !== undefined ? revoke(state, lease, at) : step(state);
}

/** No newcomers; whoever still waits or uses it is told; everything is stopped, in reverse. */
export function stop(state: State, reason: string): Step {
  if (state.phase === 'stopping' || state.phase === 'stopped') return step(state);
  const failure = stoppedFailure(reason);
  return chain(
    step(
      { ...state, phase: 'stopping', hold: false, stopReason: reason },
      { do: 'clear-timer', timer: LINGER_TIMER },
      {
        do: 'close-door',
      },
    ),
    failAll(failure),
    failHealthWaits(failure),
    dropSlices(() => true),
    each(Object.keys(state.leases), (current, member) => step(current, { do: 'revoke', member, failure })),
    settle,
    stopWhatCanStop,
  );
}
