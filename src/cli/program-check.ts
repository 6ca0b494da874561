/** Looks for the user's program before it is started, so that the message is ours and the code is a shell's. */
import { accessSync, constants, statSync } from 'node:fs';
import { findOnPath } from '../platform/find-on-path.ts';
import { CANNOT_EXECUTE, NOT_FOUND } from './exit-codes.ts';

/** What a shell says and ends with when it cannot start a program. */
export interface Unstartable {
  readonly code: number;
  readonly message: string;
}

/** Why a program cannot be started; undefined when it can, as far as one sees. */
export function unstartable(program: string, path: string | undefined): Unstartable | undefined {
  if (!program.includes('/')) {
    return findOnPath(program, path) === undefined
      ? { code: NOT_FOUND, message: `${program}: command not found` }
      : undefined;
  }
  const stat = statSync(program, { throwIfNoEntry: false });
  if (stat === undefined) return { code: NOT_FOUND, message: `${program}: no such file` };
  if (stat.isDirectory()) return { code: CANNOT_EXECUTE, message: `${program}: is a directory` };
  try {
    accessSync(program, constants.X_OK);
    return undefined;
  } catch {
    return { code: CANNOT_EXECUTE, message: `${program}: permission denied` };
  }
}
