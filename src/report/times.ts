/** Where the time of a generation went: a fold over its events. */
import type { Event } from '../coordinator/events.ts';
import { initialState } from '../coordinator/reducer.ts';
import type { Graph, State } from '../coordinator/state.ts';
import { advance, begin } from './fold.ts';
import { unbuilt } from './forecast.ts';
import { lacksOf } from './lacks.ts';

/**
 * `build`: until all images are there. `start`: until somebody was first told that all is ready, without the former.
 * `specs`: after that, with a lease. `idle`: without one. `teardown`: from the decision to stop.
 */
export type PhaseName = 'build' | 'start' | 'specs' | 'idle' | 'teardown';

/** The first start of a resource, or its stop; milliseconds since the epoch. */
export interface ResourceSpan {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/** Times in milliseconds. */
export interface Times {
  /** They add up to the generation's whole time. */
  readonly phases: Readonly<Record<PhaseName, number>>;
  readonly starts: readonly ResourceSpan[];
  /** What is still being stopped has lasted until now. */
  readonly stops: readonly (ResourceSpan & { readonly over: boolean })[];
  /** What members waited for → how long, all of them together. Who waits for two things at once counts half for each. */
  readonly waited: Readonly<Record<string, number>>;
}

/** @param now until when the last state lasts; default: the last event */
export function timesOf(graph: Graph, events: readonly Event[], now = events.at(-1)?.at ?? 0): Times {
  const phases = { build: 0, start: 0, specs: 0, idle: 0, teardown: 0 };
  const starts = new Map<string, ResourceSpan>();
  const stops = new Map<string, { readonly from: number; readonly to?: number }>();
  const waited: Record<string, number> = {};
  let progress = begin(initialState(graph));
  let answered = false;
  let last = events[0]?.at ?? now;
  const spend = (until: number): void => {
    const ms = Math.max(0, until - last);
    phases[phaseOf(progress.state, answered)] += ms;
    for (const waiter of progress.state.waiters) {
      const lacks = lacksOf(progress.state, waiter);
      for (const lack of lacks) waited[lack] = (waited[lack] ?? 0) + ms / lacks.length;
    }
    last = Math.max(last, until);
  };
  for (const event of events) {
    spend(event.at);
    const before = progress.state;
    const { progress: next, transitions } = advance(progress, event);
    progress = next;
    answered ||= event.kind !== 'left' && next.state.waiters.length < before.waiters.length;
    for (const { kind, name, after, at } of transitions) {
      if (kind !== 'resource') continue;
      if (after.state === 'ready' && !starts.has(name)) starts.set(name, { name, from: at - after.took, to: at });
      if (after.state === 'stopping') stops.set(name, { from: at });
      const stopping = stops.get(name);
      if (after.state === 'stopped' && stopping !== undefined) stops.set(name, { ...stopping, to: at });
    }
  }
  spend(now);
  return {
    phases,
    starts: [...starts.values()],
    stops: [...stops].map(([name, { from, to }]) => ({ name, from, to: to ?? now, over: to !== undefined })),
    waited,
  };
}

function phaseOf(state: State, answered: boolean): PhaseName {
  if (state.phase === 'stopping' || state.phase === 'stopped') return 'teardown';
  if (!answered) return unbuilt(state).length > 0 ? 'build' : 'start';
  return Object.keys(state.leases).length > 0 ? 'specs' : 'idle';
}
