/** What the process ends with, and what that means. */
import { constants } from 'node:os';
import type { Vitest } from 'vitest/node';
import type { Cause } from '../../attribution/causes.ts';
import { type Counts } from '../../attribution/classes.ts';
import { exitCodeOf } from '../../attribution/exit-code.ts';
import { isInfra, type Judged } from '../../attribution/verdicts.ts';
import type { RunRecord } from '../run-record.ts';

export interface Ended {
  readonly record: RunRecord;
  readonly counts: Counts;
  readonly judged: readonly Judged[];
  readonly causes: readonly Cause[];
  /** Errors that belong to no spec, among them the end of a worker. */
  readonly unhandled: number;
}

export function exitCodeAtEnd(vitest: Vitest, ended: Ended, infraExitCode: number | undefined): number {
  const { record, counts, judged, causes, unhandled } = ended;
  const { interruption, losses } = record;
  const stray = unhandled > 0 && !vitest.config.dangerouslyIgnoreUnhandledErrors;
  const outcome = {
    runner: Number(process.exitCode ?? 0),
    ...(interruption === undefined ? {} : { interrupted: 128 + constants.signals[interruption] }),
    logic: stray || judged.some(isOwnFailure),
    causes: causes.map(({ code }) => code),
    givenUp: losses.length > 1,
    ran: counts.passed + counts.failed + counts.interrupted > 0,
  };
  return exitCodeOf(outcome, infraExitCode);
}

/** Of a spec, suite or file. What never ran has not failed. */
function isOwnFailure({ meta }: Judged): boolean {
  return !isInfra(meta) && meta.verdict !== 'NEVER_RAN';
}

const MEANINGS: Readonly<Record<number, string>> = {
  1: 'test logic failed',
  2: 'there is a mistake in the config',
  10: 'only the infrastructure failed',
  11: 'the infrastructure never became ready, and no spec ran',
  12: 'a gate did not open in time',
  13: 'the coordinator was lost',
};

export function meaningOf(code: number): string {
  return MEANINGS[code] ?? (code > 128 ? 'the run was interrupted' : 'the infrastructure failed');
}
