/** SIGINT and SIGTERM to the command line, handled by whoever has asked for them last. */
import { onSignals } from '../platform/signals.ts';

type Handler = (signal: NodeJS.Signals) => void;

/** Thrown when a signal came while nothing ran yet that could be asked to end. */
export class Interrupted extends Error {
  readonly signal: NodeJS.Signals;

  constructor(signal: NodeJS.Signals) {
    super(`interrupted by ${signal}`);
    this.signal = signal;
  }
}

export interface Signals {
  /** From now on every signal goes to `handler`. */
  handle(handler: Handler): void;
  /** Waits for `work`, unless a signal comes first: then rejects with Interrupted. `work` is not stopped by that. */
  unlessInterrupted<T>(work: Promise<T>): Promise<T>;
}

/** Catches the signals from here on, so that none of them ends this process unasked. */
export function catchSignals(): Signals {
  let handler: Handler = () => undefined;
  onSignals((signal) => handler(signal));
  return {
    handle: (next) => {
      handler = next;
    },
    unlessInterrupted: (work) => {
      const interrupted = new Promise<never>((_, reject) => {
        handler = (signal) => reject(new Interrupted(signal));
      });
      return Promise.race([work, interrupted]);
    },
  };
}
