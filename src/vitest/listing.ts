/** Tells a run from a list of tests, for which nothing is started. */
import type { Vitest } from 'vitest/node';
import type { Failure } from '../protocol/failure.ts';

/** Parts of Vitest that its types do not have. */
interface Internals {
  readonly coverageProvider: unknown;
  readonly pool?: { runTests: (...args: unknown[]) => Promise<void> };
}

/** What workers are told that only list what is in files: a module may ask for an endpoint when it is loaded. */
export const NOTHING_STARTED: Failure = {
  code: 'NOT_JOINED',
  message: 'a list of tests starts no infrastructure',
  hint: 'ask for endpoints in specs and hooks, not while the file is loaded',
};

interface Preparations {
  /** For a run, before its first spec. */
  readonly run: () => Promise<void>;
  /** For a list of tests: before any worker. */
  readonly list: () => void;
}

/**
 * Calls what a run is prepared by, and for a list of tests only what that is.
 *
 * `vitest list` calls global setup files too: Vitest 4 always, Vitest 5 with `--static-parse=false`. Nothing that is
 * public differs then, and the command line says nothing about who uses Vitest's API. What starts runs and watches
 * (`start`, `standalone`) loads the coverage provider first, to `null` where there is none; what lists leaves it
 * undefined. Who runs specs by the API without either of them is served when the pool is asked to run: late for the
 * user's own global setup, but before any worker.
 */
export async function forRuns(vitest: Vitest, { run, list }: Preparations): Promise<void> {
  const { coverageProvider, pool } = vitest as unknown as Internals;
  if (vitest.config.watch || coverageProvider !== undefined || pool === undefined) return run();
  list();
  const { runTests } = pool;
  pool.runTests = async (...args) => {
    await run();
    await runTests(...args);
  };
}
