import type { RunnerTestSuite } from 'vitest';
import { GreenroomError, isGreenroomError, rootCause } from '../../protocol/failure.ts';
import { SUITE } from '../../protocol/plan.ts';
import { askedByFile, type Asked } from './asks.ts';
import { beginEach } from './each.ts';
import type { FileMembership } from './membership.ts';
import { specsOf, willRun } from './tasks.ts';
import { noteWait } from './waited.ts';

/** What a file was held for, and that all its specs are skipped, if the suite says so. */
export interface Opened {
  readonly asked: Asked;
  readonly skipped?: string;
}

/**
 * Waits for what a file asks for, then for the suite's first bodies.
 *
 * @param load imports the suite module
 * @throws GreenroomError with the root cause
 */
export async function openGate(
  membership: FileMembership,
  file: RunnerTestSuite,
  load: () => Promise<unknown>,
): Promise<Opened> {
  const { contents, docblock, failure, suite } = membership;
  if (!membership.joined && failure !== undefined) throw new GreenroomError(failure);
  const asked = askedByFile(
    contents,
    docblock,
    specsOf(file)
      .filter(willRun)
      .map(({ tags = [] }) => tags),
  );
  if (suite === undefined) {
    await noteWait(file, asked, () => membership.wait(asked));
    return { asked };
  }
  return { asked, ...(await openSuite(membership, file, asked, load)) };
}

async function openSuite(
  membership: FileMembership,
  file: RunnerTestSuite,
  { resources, gates }: Asked,
  load: () => Promise<unknown>,
): Promise<{ readonly skipped?: string }> {
  try {
    const all = { resources: [...resources, SUITE], gates };
    await noteWait(file, all, () => membership.wait(all));
  } catch (error) {
    // The final `each` body runs although `once` has failed, as it does in Ginkgo.
    if (isOfSuite(error)) await beginEach(load, membership.endpoints, undefined).catch(() => undefined);
    throw error;
  }
  const { skipped, value = null } = membership.outcome ?? {};
  if (typeof skipped === 'string') {
    await beginEach(load, membership.endpoints, undefined);
    return { skipped };
  }
  await beginEach(load, membership.endpoints, { value });
  return {};
}

function isOfSuite(error: unknown): boolean {
  return isGreenroomError(error) && rootCause(error.failure).subject === SUITE;
}
