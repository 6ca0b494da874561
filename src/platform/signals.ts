/** SIGINT and SIGTERM to this process. */

/**
 * npm and other runners pass a terminal's ^C on to a command that has had it from the terminal already. One signal
 * that comes twice within this time is one, or the first ^C would skip a level.
 */
const TWICE_MS = 500;

/** Catches the signals from here on, so that none of them ends this process unasked. */
export function onSignals(handler: (signal: NodeJS.Signals) => void): void {
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
}
