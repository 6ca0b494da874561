/** SIGINT and SIGTERM to the command line, handled by whoever has asked for them last. */
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

/**
 * npm and other runners pass a terminal's ^C on to a command that has had it from the terminal already. One signal
 * that comes twice within this time is one, or the first ^C would skip a level.
 */
const TWICE_MS = 500;

/** Catches the signals from here on, so that none of them ends this process unasked. */
export function catchSignals(): Signals {
  let handler: Handler = () => undefined;
  let last: { readonly signal: NodeJS.Signals; readonly at: number } | undefined;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      const at = performance.now();
      const again = last?.signal === signal && at - last.at < TWICE_MS;
      if (again) return;
      last = { signal, at };
      handler(signal);
    });
  }
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
