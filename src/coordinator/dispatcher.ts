import type { Effect, Event, NewEvent } from './events.ts';
import type { EventLog, LoggedEvent } from './event-log.ts';
import { reduce } from './reducer.ts';
import type { State } from './state.ts';

/**
 * The one place where the state changes. Everything that happens comes here as an event; events are handled one after
 * the other, each to its end, in the order in which they came. Effects may dispatch further events; those queue.
 */
export class Dispatcher {
  private current: State;
  private readonly queue: Event[] = [];
  private busy = false;
  private readonly log: EventLog;
  private readonly watchers = new Set<(event: LoggedEvent) => void>();
  private readonly now: () => number;
  /** Carries out an effect; set once by the edge. */
  carryOut: (effect: Effect) => void = () => undefined;

  constructor(initial: State, log: EventLog, now: () => number = Date.now) {
    this.current = initial;
    this.log = log;
    this.now = now;
  }

  get state(): State {
    return this.current;
  }

  dispatch(event: NewEvent): void {
    this.queue.push({ ...event, at: this.now() });
    if (this.busy) return;
    this.busy = true;
    try {
      for (let next = this.queue.shift(); next !== undefined; next = this.queue.shift()) this.handle(next);
    } finally {
      this.busy = false;
    }
  }

  /** Gives every later event to `watcher`; returns how to stop that. */
  watch(watcher: (event: LoggedEvent) => void): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  // NOTE: synchronous, so that joins, leaves and the decision to stop cannot interleave.
  private handle(event: Event): void {
    const { state, effects } = reduce(this.current, event);
    this.current = state;
    const logged = this.log.append(event);
    for (const watcher of this.watchers) watcher(logged);
    effects.forEach((effect) => this.carryOut(effect));
  }
}
