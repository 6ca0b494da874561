/** Vitest's own tasks behind what it shows to reporters. Reports and blobs are made from these. */
import type { RunnerTask, RunnerTestCase, RunnerTestFile, RunnerTestSuite } from 'vitest';
import type { TestModule } from 'vitest/node';
import type { VerdictMeta } from '../../protocol/verdict.ts';

export function fileOf(module: TestModule): RunnerTestFile {
  return (module as unknown as { task: RunnerTestFile }).task;
}

/** The suites around a spec, from the inside out; the file is the last. */
export function around(spec: RunnerTestCase): readonly RunnerTestSuite[] {
  const suites: RunnerTestSuite[] = [];
  for (let suite = spec.suite; suite !== undefined; suite = suite.suite) suites.push(suite);
  // A file has no suite around it, and a spec directly in it names only the file.
  return suites.includes(spec.file) ? suites : [...suites, spec.file];
}

export function metaOf(task: RunnerTask): VerdictMeta | undefined {
  return (task.meta as { readonly greenroom?: VerdictMeta }).greenroom;
}

export function setMeta(task: RunnerTask, meta: VerdictMeta): void {
  Object.assign(task.meta, { greenroom: meta });
}
