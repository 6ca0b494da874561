/**
 * Runs in each Vitest worker, before each file. Shipped as TypeScript, because Vitest evaluates anew for each file
 * only what it transforms: the hooks of a compiled file in node_modules would hold a worker's first file alone.
 */
import { aroundFile, aroundSpec, enter, noteCleanUp, type SuiteHooks, type Tools } from 'greenroom/vitest/worker';
import { afterEach, aroundAll, aroundEach, inject, test, TestRunner } from 'vitest';

const tools: Tools = {
  hooksOf: (suite) => TestRunner.getSuiteHooks(suite) as unknown as SuiteHooks,
  load: (path) => import(path),
};
/** Vitest's own limits on hooks are off: everything that is waited for has a deadline of its own. */
const NO_LIMIT = 0;

const { file } = TestRunner.getCurrentSuite();
const membership = await enter(file, inject('greenroom:joined'), test);

// NOTE: the second argument is taken apart, because Vitest reads from the source which fixtures a hook wants.
// oxlint-disable-next-line no-empty-pattern
aroundAll((runSuite, {}, suite) => aroundFile(runSuite, suite.file, membership, tools), NO_LIMIT);
aroundEach((runTest, { task }) => aroundSpec(runTest, task, membership), NO_LIMIT);
// So that a spec's clean-up always has a first hook.
afterEach(({ task }) => noteCleanUp(task));
