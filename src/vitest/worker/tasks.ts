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

/** Skips all specs of a file, so that the file passes. */
export function skipAll(file: RunnerTestSuite, note: string, hooksOf: HooksOf): void {
  for (const spec of leaveOut(file, hooksOf)) {
    // What Vitest's own `skip(note)` comes to; its types leave the note out.
    spec.result = Object.assign<TaskResult, object>({ state: 'skip' }, { note, pending: true });
  }
}

/**
 * Lets no spec of a file run, and returns those. Its suites cannot be skipped, because the main process would not be
 * told what became of the specs in them; but their hooks must not run, and fail for want of what is not there.
 */
export function leaveOut(file: RunnerTestSuite, hooksOf: HooksOf): readonly RunnerTestCase[] {
  for (const suite of suitesOf(file)) {
    const hooks = hooksOf(suite);
    hooks.beforeAll.length = 0;
    hooks.afterAll.length = 0;
    // The file's first is the one we are called from.
    hooks.aroundAll.length = suite === file ? 1 : 0;
  }
  const specs = specsOf(file).filter(willRun);
  for (const spec of specs) spec.mode = 'skip';
  return specs;
}

type HooksOf = (suite: RunnerTestSuite) => SuiteHooks;

type Hook = (...args: unknown[]) => unknown;

/** A suite's hooks, in the order of their registration: the runner's own lists. */
export type SuiteHooks = Record<
  'beforeAll' | 'afterAll' | 'beforeEach' | 'afterEach' | 'aroundAll' | 'aroundEach',
  Hook[]
>;
