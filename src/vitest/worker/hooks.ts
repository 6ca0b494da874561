import type { RunnerTestCase, RunnerTestSuite } from 'vitest';
import { now } from './clock.ts';
import { judge } from './judge.ts';
import type { FileMembership } from './membership.ts';
import type { Told } from './say.ts';
import { setUpFailed } from './secondary.ts';
import { suitesOf, type SuiteHooks } from './tasks.ts';

/**
 * Has the errors of hooks judged as they are thrown. Those of `aroundEach` come after our own hook has seen the spec
 * for the last time; those of the others, in nested suites, are reported before we see the suite again.
 */
export function watchHooks(
  file: RunnerTestSuite,
  hooksOf: (suite: RunnerTestSuite) => SuiteHooks,
  membership: FileMembership,
): void {
  for (const suite of suitesOf(file)) {
    const hooks = hooksOf(suite);
    for (const kind of ['beforeAll', 'aroundAll', 'aroundEach', 'afterAll'] as const) {
      // The file's first around hooks are ours, and the list of those that run now must stay the same list.
      const ours = suite === file && kind.startsWith('around') ? 1 : 0;
      hooks[kind].slice(ours).forEach((hook, index) => {
        const watched = async (...args: unknown[]): Promise<unknown> => {
          const began = now();
          try {
            return await hook(...args);
          } catch (error) {
            const task = kind === 'aroundEach' ? (args[1] as { readonly task: RunnerTestCase }).task : suite;
            if (kind !== 'afterAll' || !setUpFailed(suite))
              await judge(task, errorsIn(error), membership, { began, ended: now() });
            throw error;
          }
        };
        hooks[kind][index + ours] = Object.assign(watched, hook);
      });
    }
  }
}

/** Vitest reports each error of an aggregate. */
function errorsIn(error: unknown): readonly Told[] {
  if (error instanceof AggregateError) return error.errors.flatMap(errorsIn);
  return typeof error === 'object' && error !== null && 'message' in error ? [error as Told] : [];
}
