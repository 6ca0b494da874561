import type { RunnerTestCase } from 'vitest';
import { toFailure } from '../../protocol/failure.ts';
import { askedBySpec, asksForSomething, both } from './asks.ts';
import { now } from './clock.ts';
import { judge } from './judge.ts';
import { keepFor } from './keep.ts';
import { RunCancelled } from './cancel.ts';
import type { FileMembership } from './membership.ts';
import { asSpec } from './origin.ts';
import { withReset } from './reset.ts';
import { addFacts, blocked, lost, type Told } from './say.ts';
import { cleanUpBegan, forgetCleanUp, primaryErrors } from './secondary.ts';
import { withOwnParts } from './spec-slices.ts';
import { trafficOf } from './traffic.ts';
import { noteJudged } from './retry-infra.ts';
import { beginTry, failTry } from './tries.ts';
import { addEvidence, setInfra } from './verdicts.ts';
import { noteWait } from './waited.ts';

/**
 * Holds one try of a spec for what its tags name and its file was not held for, and gets what each spec has a part of
 * its own of. Runs it, and says of its errors what the infrastructure has to do with them. None of this counts for the
 * spec's own time-out.
 *
 * @throws Error when the infrastructure is gone, or what the spec asks for did not come
 */
export async function aroundSpec(
  runTest: () => Promise<void>,
  spec: RunnerTestCase,
  membership: FileMembership,
): Promise<void> {
  return membership.spec(() => oneTry(runTest, spec, membership));
}

async function oneTry(runTest: () => Promise<void>, spec: RunnerTestCase, membership: FileMembership): Promise<void> {
  beginTry(spec);
  if (membership.lost !== undefined) {
    setInfra(spec, membership.lost);
    failTry(spec);
    throw lost(membership.lost);
  }
  if (membership.isStale) await hold(spec, membership, () => membership.waitAgain());
  const asked = askedBySpec(membership.contents, membership.asked, spec.tags ?? []);
  if (asksForSomething(asked)) {
    await hold(spec, membership, () => noteWait(spec, asked, () => membership.wait(both(membership.asked, asked))));
  }
  const parts = { resources: membership.ofSpecs, gates: [] };
  const waits = (wait: () => Promise<void>): Promise<void> => hold(spec, membership, () => noteWait(spec, parts, wait));
  await withReset(membership, () => withOwnParts(membership, waits, () => judged(runTest, spec, membership)));
}

async function judged(runTest: () => Promise<void>, spec: RunnerTestCase, membership: FileMembership): Promise<void> {
  const since = spec.result?.errors?.length ?? 0;
  forgetCleanUp(spec);
  const began = now();
  await asSpec(spec.id, runTest);
  // One that is expected to fail has failed as expected.
  if (spec.result?.state !== 'fail' || spec.fails) return;
  const errors = primaryErrors(spec, since);
  await judge(spec, errors, membership, { began, ended: cleanUpBegan(spec) ?? now() });
  noteJudged(spec);
  await tellTraffic(spec, began, errors[0], membership);
  await keepFor(errors[0], membership);
}

/** Says what of this spec was seen at the edges of the infrastructure. */
async function tellTraffic(
  spec: RunnerTestCase,
  began: number,
  error: Told | undefined,
  { endpoints }: FileMembership,
): Promise<void> {
  const lines = await trafficOf(spec.id, began, endpoints);
  if (error === undefined) return;
  addFacts(error, lines);
  addEvidence(
    spec,
    lines.map((text) => ({ kind: 'traffic', text, at: now() })),
  );
}

async function hold(spec: RunnerTestCase, membership: FileMembership, wait: () => Promise<void>): Promise<void> {
  try {
    await membership.held(wait);
  } catch (error) {
    if (error instanceof RunCancelled) throw stopped(spec);
    const failure = toFailure(error, 'COORDINATOR_LOST');
    setInfra(spec, failure);
    failTry(spec);
    throw blocked(failure);
  }
}

/** What Vitest stops a running spec with. From an around hook it would count as a failure, but for the mark. */
function stopped({ context, result }: RunnerTestCase): Error {
  const reason = context.signal.reason as Error;
  Object.assign(result ?? {}, { pending: true, note: reason.message });
  return reason;
}
