import type { Failure } from '../protocol/failure.ts';
import type { Effect } from './events.ts';
import type { GateState, Lease, ResourceState, State } from './state.ts';

/** What one event leads to: the next state and what is to be done, in order. */
export interface Step {
  readonly state: State;
  readonly effects: readonly Effect[];
}

export const step = (state: State, ...effects: readonly Effect[]): Step => ({ state, effects });

/** Runs one transition after another, keeping the effects of all. */
export function chain(start: Step, ...transitions: readonly ((state: State) => Step)[]): Step {
  return transitions.reduce<Step>((done, transition) => {
    const next = transition(done.state);
    return { state: next.state, effects: [...done.effects, ...next.effects] };
  }, start);
}

/** Runs a transition for each item. */
export function each<T>(items: readonly T[], transition: (state: State, item: T) => Step): (state: State) => Step {
  return (state) => chain(step(state), ...items.map((item) => (current: State) => transition(current, item)));
}

export const withResource = (state: State, name: string, next: ResourceState): State => ({
  ...state,
  resources: { ...state.resources, [name]: next },
});

export const withGate = (state: State, name: string, next: GateState): State => ({
  ...state,
  gates: { ...state.gates, [name]: next },
});

export const withLease = (state: State, id: string, lease: Lease): State => ({
  ...state,
  leases: { ...state.leases, [id]: lease },
});

/** A copy of a record without one key. */
export function omit<T>(record: Readonly<Record<string, T>>, key: string): Readonly<Record<string, T>> {
  const { [key]: _gone, ...rest } = record;
  return rest;
}

/** Why a resource that needs a failed one is not started. */
export function dependencyFailure(name: string, needed: string, cause: Failure): Failure {
  return {
    code: 'DEPENDENCY_FAILED',
    message: `${name} was not started, because ${needed} failed`,
    subject: name,
    cause,
  };
}

/** What members are told when the generation ends under them. */
export function stoppedFailure(reason = 'it is stopping'): Failure {
  return { code: 'STOPPED', message: `the infrastructure was stopped: ${reason}` };
}
