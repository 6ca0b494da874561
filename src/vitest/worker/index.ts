/**
 * What our setup file needs in a worker. It is loaded before each file's first line, so it loads nothing but Node and
 * the small part of this library that speaks to the coordinator.
 */
import type { RunnerTestFile, TestAPI } from 'vitest';
import type { Joined } from '../joined.ts';
import { listenForCancel } from './cancel.ts';
import { endEach, expectSuite } from './each.ts';
import { FileMembership } from './membership.ts';
import { current } from './current.ts';
import { markRequests } from './origin.ts';
import { kept } from './place.ts';
import { setInfra } from './verdicts.ts';
import { atWorkerEnd, isIsolated } from './vitest-state.ts';

export { aroundFile, type Tools } from './around-file.ts';
export { aroundSpec } from './around-spec.ts';
export { noteCleanUp } from './secondary.ts';
export type { SuiteHooks } from './tasks.ts';

/**
 * Takes part, for one file. Never rejects: an error at this point would keep the file's specs from being listed. Its
 * gate throws it instead; the file's verdict is set now, because a module that misses what is not there may throw
 * before.
 */
export async function enter(file: RunnerTestFile, joined: Joined | undefined, test: TestAPI): Promise<FileMembership> {
  const membership = new FileMembership(file.filepath, joined);
  Object.assign(current, { membership, test });
  if (membership.suite !== undefined) {
    expectSuite(membership.suite);
    if (!isIsolated()) endWithWorker();
  }
  listenForCancel();
  markRequests();
  await membership.enter();
  if (membership.failure !== undefined) setInfra(file, membership.failure);
  return membership;
}

/** Without isolation the suite module's state lives as long as the worker. No file can tell what goes wrong then. */
function endWithWorker(): void {
  const end = kept<{ awaited: true }>('end');
  if (end.awaited) return;
  end.awaited = true;
  atWorkerEnd(async () => {
    const { membership } = current;
    const failure = membership && (await endEach(membership.endpoints));
    if (failure) await membership.report(failure).catch(() => console.error(`${failure.message} [${failure.code}]`));
  });
}
