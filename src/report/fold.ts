/** Folds a generation's events to what a person wants to know while it starts: its state, and what changed. */
import { gateOfAll } from '../coordinator/gate-keys.ts';
import type { Event } from '../coordinator/events.ts';
import { reduce } from '../coordinator/reducer.ts';
import type { GateState, ResourceState, State } from '../coordinator/state.ts';

/** What is known of a generation at one moment. */
export interface Progress {
  readonly state: State;
  /** Subject → the last note about it, such as a probe's answer. */
  readonly notes: Readonly<Record<string, string>>;
  /** The same, of those that last: what its users should know of a resource. */
  readonly lasting: Readonly<Record<string, string>>;
}

/** One resource or gate that changed its state. */
export type Transition = { readonly at: number; readonly name: string } & (
  | { readonly kind: 'resource'; readonly before: ResourceState; readonly after: ResourceState }
  | { readonly kind: 'gate'; readonly before: GateState; readonly after: GateState }
);

/** Where the fold begins: the state a watcher is given. */
export function begin(state: State): Progress {
  return { state, notes: {}, lasting: {} };
}

/** Takes in one event. */
export function advance(progress: Progress, event: Event): { progress: Progress; transitions: readonly Transition[] } {
  const { state } = reduce(progress.state, event);
  const transitions = [
    ...resourceChanges(progress.state, state, event.at),
    ...gateChanges(progress.state, state, event.at),
  ];
  return { progress: { state, ...noted(progress, event) }, transitions };
}

function noted({ notes, lasting }: Progress, event: Event): Omit<Progress, 'state'> {
  if (event.kind !== 'note') return { notes, lasting };
  const said = { [event.subject]: event.text };
  return { notes: { ...notes, ...said }, lasting: event.lasting === true ? { ...lasting, ...said } : lasting };
}

function resourceChanges(then: State, now: State, at: number): Transition[] {
  return Object.entries(now.resources).flatMap(([name, after]): Transition[] => {
    const before = then.resources[name];
    return before === undefined || before.state === after.state ? [] : [{ at, kind: 'resource', name, before, after }];
  });
}

function gateChanges(then: State, now: State, at: number): Transition[] {
  return Object.keys(now.graph.gates).flatMap((name): Transition[] => {
    const before = gateOfAll(then, name);
    const after = gateOfAll(now, name);
    return before.state === after.state ? [] : [{ at, kind: 'gate', name, before, after }];
  });
}
