import type { RunnerTestFile, RunnerTestSuite } from 'vitest';
import { toFailure, type Failure } from '../../protocol/failure.ts';
import { RunCancelled } from './cancel.ts';
import { endEach } from './each.ts';
import { openGate, type Opened } from './gate.ts';
import { watchHooks } from './hooks.ts';
import type { FileMembership } from './membership.ts';
import { retryInfra } from './retry-infra.ts';
import { blocked, lost, plain } from './say.ts';
import { watchCleanUps } from './secondary.ts';
import { leaveOut, skipAll, specsOf, willRun, type SuiteHooks } from './tasks.ts';
import { clearVerdict, hasVerdict, setInfra, setNeverRan } from './verdicts.ts';
import { isIsolated } from './vitest-state.ts';

/** What our setup file has from Vitest, and from Vite. */
export interface Tools {
  readonly hooksOf: (suite: RunnerTestSuite) => SuiteHooks;
  /** Imports a module as specs do, so that they share its state. */
  readonly load: (path: string) => Promise<unknown>;
}

/**
 * Holds a file until what it asks for is ready and open, then runs it.
 *
 * @throws Error that tells in short why its specs could not run, or that the infrastructure was lost meanwhile
 */
export async function aroundFile(
  runSuite: () => Promise<void>,
  file: RunnerTestFile,
  membership: FileMembership,
  tools: Tools,
): Promise<void> {
  const problems: unknown[] = [];
  const note = (problem: unknown): void => void problems.push(problem);
  await run(runSuite, file, membership, tools).catch(note);
  if (isIsolated()) await end(file, membership).catch(note);
  membership.release('file');
  membership.leave();
  // Vitest reports each of them.
  if (problems.length > 0) throw problems.length === 1 ? problems[0] : new AggregateError(problems);
}

async function run(
  runSuite: () => Promise<void>,
  file: RunnerTestFile,
  membership: FileMembership,
  { hooksOf, load }: Tools,
): Promise<void> {
  const opened = await open(file, membership, load);
  if (opened === undefined) {
    leaveOut(file, hooksOf);
    return runSuite();
  }
  const { asked, skipped } = opened;
  membership.asked = asked;
  if (skipped === undefined) {
    if (membership.retriesInfra) specsOf(file).filter(willRun).forEach(retryInfra);
    watchHooks(file, hooksOf, membership);
    watchCleanUps(file, hooksOf);
  } else {
    skipAll(file, skipped, hooksOf);
  }
  await runSuite();
  await stillThere(file, membership);
}

/** Undefined: the run was cancelled before. */
async function open(
  file: RunnerTestFile,
  membership: FileMembership,
  load: Tools['load'],
): Promise<Opened | undefined> {
  try {
    const opened = await openGate(membership, file, () => load(membership.suite ?? ''));
    clearVerdict(file);
    return opened;
  } catch (error) {
    if (error instanceof RunCancelled) return undefined;
    const failure = toFailure(error, 'COORDINATOR_LOST');
    setInfra(file, failure);
    for (const spec of specsOf(file).filter(willRun)) setNeverRan(spec, failure);
    throw blocked(failure);
  }
}

/** What the specs said after the infrastructure was gone says nothing about what they test. */
async function stillThere(file: RunnerTestFile, membership: FileMembership): Promise<void> {
  if (!membership.joined) return;
  await membership.state().catch((error: unknown) => {
    const failure = toFailure(error, 'COORDINATOR_LOST');
    setInfra(file, failure);
    throw lost(failure);
  });
}

/** With isolation, the end of the file is the end of the suite module's state. */
async function end(file: RunnerTestFile, membership: FileMembership): Promise<void> {
  const failure: Failure | undefined = await endEach(membership.endpoints);
  if (failure === undefined) return;
  // What went wrong before is the root of it.
  if (!hasVerdict(file)) setInfra(file, failure);
  throw plain(failure, `${failure.message} [${failure.code}]`);
}
