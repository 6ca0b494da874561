/** What the process ends with, and what that means. */
import { constants } from 'node:os';
import type { TestRunEndReason, Vitest } from 'vitest/node';
import type { Cause } from '../../attribution/causes.ts';
import type { Counts } from '../../attribution/classes.ts';
import type { FileFacts } from '../../attribution/facts.ts';
import { exitCodeOf } from '../../attribution/exit-code.ts';
import type { Judged } from '../../attribution/verdicts.ts';
import type { Incident } from '../../protocol/incident.ts';
import type { RunRecord } from '../run-record.ts';

export interface Ended {
  readonly record: RunRecord;
  readonly incidents: readonly Incident[];
  readonly files: readonly FileFacts[];
  readonly counts: Counts;
  readonly judged: readonly Judged[];
  readonly causes: readonly Cause[];
  /** What Vitest itself says of the run. */
  readonly reason: TestRunEndReason;
  /** What mock LLMs have to tell. */
  readonly llm: readonly string[];
  /** Errors that belong to no spec, among them the end of a worker. */
  readonly unhandled: number;
}

export interface Exit {
  readonly code: number;
  readonly meaning: string;
}

/** @param infraExitCode in place of 10 to 13 */
export function exitOf(vitest: Vitest, ended: Ended, infraExitCode: number | undefined): Exit {
  const { record, counts, judged, causes, reason, unhandled } = ended;
  const { interruption, losses } = record;
  const failed = judged.some(({ meta }) => meta.verdict === 'LOGIC');
  const stray = unhandled > 0 && !vitest.config.dangerouslyIgnoreUnhandledErrors;
  const outcome = {
    // While it watches, that of an earlier run stays.
    runner: vitest.config.watch ? Number(reason !== 'passed') : Number(process.exitCode ?? 0),
    ...(interruption === undefined ? {} : { interrupted: 128 + constants.signals[interruption] }),
    logic: failed || stray,
    unsure: judged.some(({ meta }) => meta.verdict === 'UNSURE'),
    causes: causes.map(({ code }) => code),
    givenUp: losses.length > 1,
    ran: counts.passed + counts.failed + counts.interrupted > 0,
  };
  const usual = exitCodeOf(outcome);
  const ofRunner = stray ? 'an error that belongs to no spec' : 'the run is not complete';
  const meaning = (usual === 1 && !failed ? undefined : MEANINGS[usual]) ?? ofRunner;
  return { code: exitCodeOf(outcome, infraExitCode), meaning };
}

const MEANINGS: Readonly<Record<number, string>> = {
  1: 'test logic failed',
  2: 'there is a mistake in the config, or in what a file asks for',
  10: 'only the infrastructure failed',
  11: 'the infrastructure never became ready, and no spec ran',
  12: 'a gate did not open in time',
  13: 'the coordinator was lost',
  14: 'what failed may be the infrastructure’s, or may not: it needs a rerun',
  130: 'interrupted by SIGINT',
  143: 'interrupted by SIGTERM',
};
