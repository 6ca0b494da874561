import type { RunnerTask, RunnerTaskResult as TaskResult, RunnerTestCase, RunnerTestSuite } from 'vitest';

/** All specs of a file or suite, those in nested suites included. */
export function specsOf({ tasks }: RunnerTestSuite): readonly RunnerTestCase[] {
  return tasks.flatMap((task) => (task.type === 'suite' ? specsOf(task) : [task]));
}

/** The suite and all that are nested in it. */
export function suitesOf(suite: RunnerTestSuite): readonly RunnerTestSuite[] {
  return [suite, ...suite.tasks.flatMap((task) => (task.type === 'suite' ? suitesOf(task) : []))];
}

/** Neither skipped, nor a todo, nor left out by a filter. */
export function willRun({ mode }: RunnerTask): boolean {
  return mode === 'run' || mode === 'queued';
}

/**
 * Skips all specs of a file, so that the file passes. Its own hooks would still run, and fail for want of what is not
 * there: they are removed. Those of a suite that is skipped do not run.
 *
 * @param hooks of the file
 */
export function skipAll(file: RunnerTestSuite, note: string, hooks: SuiteHooks): void {
  for (const kind of ['beforeAll', 'afterAll'] as const) hooks[kind].length = 0;
  // The first is the one we are called from.
  hooks.aroundAll.length = 1;
  for (const suite of suitesOf(file)) if (suite !== file) suite.mode = 'skip';
  for (const spec of specsOf(file).filter(willRun)) {
    spec.mode = 'skip';
    // What Vitest's own `skip(note)` comes to; its types leave the note out.
    spec.result = Object.assign<TaskResult, object>({ state: 'skip' }, { note });
  }
}

type Hook = (...args: unknown[]) => unknown;

/** A suite's hooks, in the order of their registration: the runner's own lists. */
export type SuiteHooks = Record<
  'beforeAll' | 'afterAll' | 'beforeEach' | 'afterEach' | 'aroundAll' | 'aroundEach',
  Hook[]
>;
