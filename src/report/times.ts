/** Where the time of a generation went: a fold over its events. */
import type { Event } from '../coordinator/events.ts';
import { initialState } from '../coordinator/reducer.ts';
import type { Graph, State } from '../coordinator/state.ts';
import { advance, begin } from './fold.ts';
import { lacksOf } from './lacks.ts';

/**
 * `start`: until somebody was first told that all is ready. `specs`: after that, with a lease. `idle`: without one.
 * `teardown`: from the decision to stop.
 */
export type PhaseName = 'start' | 'specs' | 'idle' | 'teardown';

/** The first start of a resource; milliseconds since the epoch. */
export interface ResourceStart {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/** Times in milliseconds. */
export interface Times {
  /** They add up to the generation's whole time. */
  readonly phases: Readonly<Record<PhaseName, number>>;
  readonly starts: readonly ResourceStart[];
  /** What members waited for → how long, all of them together. Who waits for two things at once counts half for each. */
  readonly waited: Readonly<Record<string, number>>;
}

/** @param now until when the last state lasts; default: the last event */
export function timesOf(graph: Graph, events: readonly Event[], now = events.at(-1)?.at ?? 0): Times {
  const phases = { start: 0, specs: 0, idle: 0, teardown: 0 };
  const starts = new Map<string, ResourceStart>();
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
      if (kind !== 'resource' || after.state !== 'ready' || starts.has(name)) continue;
      starts.set(name, { name, from: at - after.took, to: at });
    }
  }
  spend(now);
  return { phases, starts: [...starts.values()], waited };
}

function phaseOf({ phase, leases }: State, answered: boolean): PhaseName {
  if (phase === 'stopping' || phase === 'stopped') return 'teardown';
  if (!answered) return 'start';
  return Object.keys(leases).length > 0 ? 'specs' : 'idle';
}
