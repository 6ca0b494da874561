/**
 * What the process ends with. The command's own code if it ran; else the code of the failure (`protocol/codes.ts`);
 * 128+n for a signal.
 */
import { constants } from 'node:os';
import { CODES } from '../protocol/codes.ts';
import type { Failure } from '../protocol/failure.ts';
import type { Exit } from '../platform/shim.ts';

export const OK = 0;
/** At least one file of `exec --each` failed. */
export const FILES_FAILED = 1;
/** The audit found specs whose result depends on how the suite runs. */
export const RESULTS_DIFFER = 1;
export const USAGE = CODES.USAGE.exit;
/** Something threw that is not a failure of ours: a bug. The number is BSD's EX_SOFTWARE. */
export const INTERNAL = 70;

/** As in a shell: the command is there, but cannot be executed; or it is not there. */
export const CANNOT_EXECUTE = 126;
export const NOT_FOUND = 127;

/** The code a failure stands for. */
export function exitCodeOfFailure(failure: Failure): number {
  return CODES[failure.code].exit;
}

/** Whether a failure is the infrastructure's, rather than a mistake in the command line or the config. */
export function isInfrastructure(failure: Failure): boolean {
  return exitCodeOfFailure(failure) > USAGE;
}

/** The code of a process that ended, as a shell gives it. */
export function exitCodeOfExit({ code, signal }: Exit): number {
  return code ?? (signal === null ? CANNOT_EXECUTE : exitCodeOfSignal(signal));
}

/** 128+n: 130 for SIGINT, 143 for SIGTERM. */
export function exitCodeOfSignal(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}
