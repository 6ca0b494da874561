/** Tells a run from a list of tests, for which nothing is started. */
import type { Vitest } from 'vitest/node';

/** Parts of Vitest that its types do not have. */
interface Internals {
  readonly coverageProvider: unknown;
  readonly pool?: { runTests: (...args: unknown[]) => Promise<void> };
}

/**
 * Calls `setUp` for a run, before its first spec, and never for a list.
 *
 * `vitest list` calls global setup files too: Vitest 4 always, Vitest 5 with `--static-parse=false`. Nothing that is
 * public differs then, and the command line says nothing about who uses Vitest's API. What starts runs and watches
 * (`start`, `standalone`) loads the coverage provider first, to `null` where there is none; what lists leaves it
 * undefined. Who runs specs by the API without either of them is served when the pool is asked to run: late for the
 * user's own global setup, but before any worker.
 */
export async function forRuns(vitest: Vitest, setUp: () => Promise<void>): Promise<void> {
  const { coverageProvider, pool } = vitest as unknown as Internals;
  if (vitest.config.watch || coverageProvider !== undefined || pool === undefined) return setUp();
  const { runTests } = pool;
  pool.runTests = async (...args) => {
    await setUp();
    await runTests(...args);
  };
}
