import type { RunnerTestCase } from 'vitest';
import { toFailure, type Failure } from '../../protocol/failure.ts';
import { askedBySpec, asksForSomething } from './asks.ts';
import { judge } from './judge.ts';
import type { FileMembership } from './membership.ts';
import { blocked, lost, mistaken } from './say.ts';
import { forgetCleanUp, primaryErrors } from './secondary.ts';
import { clearVerdict, setInfra } from './verdicts.ts';

/**
 * Holds one try of a spec for what its tags name and its file was not held for. Runs it, and says of its errors what
 * the infrastructure has to do with them. None of this counts for the spec's own time-out.
 *
 * @throws Error when the infrastructure is gone, or what the spec asks for did not come
 */
export async function aroundSpec(
  runTest: () => Promise<void>,
  spec: RunnerTestCase,
  membership: FileMembership,
): Promise<void> {
  clearVerdict(spec);
  await hold(spec, membership);
  try {
    await cut(spec, membership);
    await run(runTest, spec, membership);
  } finally {
    uncut(membership);
  }
}

async function run(runTest: () => Promise<void>, spec: RunnerTestCase, membership: FileMembership): Promise<void> {
  const since = spec.result?.errors?.length ?? 0;
  forgetCleanUp(spec);
  await runTest();
  // One that is expected to fail has failed as expected.
  if (spec.result?.state === 'fail' && !spec.fails) await judge(spec, primaryErrors(spec, since), membership);
}

async function hold(spec: RunnerTestCase, membership: FileMembership): Promise<void> {
  if (membership.lost !== undefined) {
    setInfra(spec, membership.lost);
    throw lost(membership.lost);
  }
  const asked = askedBySpec(membership.contents, membership.asked, spec.tags ?? []);
  if (!asksForSomething(asked)) return;
  try {
    await membership.wait(asked);
  } catch (error) {
    const failure = toFailure(error, 'COORDINATOR_LOST');
    setInfra(spec, failure);
    throw blocked(failure);
  }
}

/** Specs of this worker that have parts of resources of their own. */
let holders = 0;

/** Gets the parts that each spec has of its own. The environment is one for all specs of a worker, so only one can. */
async function cut(spec: RunnerTestCase, membership: FileMembership): Promise<void> {
  const resources = membership.ofSpecs;
  if (resources.length === 0) return;
  holders += 1;
  if (holders > 1) throw mistaken(concurrent(resources));
  try {
    await membership.wait({ resources, gates: [] }, 'test');
  } catch (error) {
    const failure = toFailure(error, 'COORDINATOR_LOST');
    setInfra(spec, failure);
    throw blocked(failure);
  }
}

function uncut(membership: FileMembership): void {
  if (membership.ofSpecs.length === 0) return;
  holders -= 1;
  if (holders === 0) membership.release('test');
}

function concurrent(resources: readonly string[]): Failure {
  return {
    code: 'SLICE_SCOPE',
    message: `specs of one file that run at the same time cannot each have ${resources.join(', ')} of their own`,
    hint: "leave `concurrent` out, or cut it for the file: `slice: 'file'`",
  };
}
