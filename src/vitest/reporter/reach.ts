/**
 * Files that no worker reached. When a run is cancelled, or a worker dies that had several, Vitest's reports say
 * nothing of what is in them, or not even that they exist. They are read without being run, and put into Vitest's
 * state, so that every reporter has them.
 */
import type { RunnerTestFile } from 'vitest';
import type { TestModule, TestSpecification, Vitest } from 'vitest/node';
import { within } from '../../platform/deadline.ts';
import { specsOf } from '../worker/tasks.ts';
import { fileOf } from './tasks.ts';

/** Files that are read at a time. */
const AT_ONCE = 8;
/** For all of them; a plugin of the user's that hangs must not keep a run from ending. */
const READ_MS = 20_000;

/**
 * @param specifications Of this shard.
 * @param modules What the other reporters are given; extended and corrected in place, because they get the same list.
 * @param reached Ids of the modules that a worker has told the content of.
 */
export async function readUnreached(
  vitest: Vitest,
  specifications: readonly TestSpecification[],
  modules: TestModule[],
  reached: ReadonlySet<string>,
): Promise<void> {
  const missing = specifications.filter((one) => needsReading(one, reached));
  await within(readAll(vitest, missing, modules), READ_MS, () => undefined);
}

function needsReading({ testModule, pool }: TestSpecification, reached: ReadonlySet<string>): boolean {
  if (pool === 'typescript') return false; // checked by the compiler, not run
  if (testModule === undefined) return true;
  const file = fileOf(testModule);
  if (specsOf(file).length > 0) return false;
  return !reached.has(testModule.id) || file.result?.state === 'fail';
}

async function readAll(vitest: Vitest, missing: readonly TestSpecification[], modules: TestModule[]): Promise<void> {
  for (let first = 0; first < missing.length; first += AT_ONCE) {
    await Promise.all(missing.slice(first, first + AT_ONCE).map((one) => read(vitest, one, modules)));
  }
}

async function read(vitest: Vitest, specification: TestSpecification, modules: TestModule[]): Promise<void> {
  const before = specification.testModule;
  const parsed = await vitest.experimental_parseSpecification(specification);
  if (before !== undefined && fileOf(before).result?.state === 'fail') {
    adopt(fileOf(before), fileOf(parsed));
    vitest.state.collectFiles(specification.project, [fileOf(before)]);
    return;
  }
  // That it cannot be read is for the run to find out that reaches it.
  delete fileOf(parsed).result;
  const place = modules.findIndex(({ id }) => id === parsed.id);
  if (place === -1) modules.push(parsed);
  else modules[place] = parsed;
}

/** A file that failed before it could say what is in it keeps its errors. */
function adopt(file: RunnerTestFile, parsed: RunnerTestFile): void {
  file.tasks = parsed.tasks;
  for (const task of file.tasks) if (task.suite !== undefined) task.suite = file;
  for (const spec of specsOf(file)) spec.file = file;
}
