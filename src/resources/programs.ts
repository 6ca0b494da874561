import { accessSync, constants, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { findOnPath } from '../platform/find-on-path.ts';
import { findEngine } from '../containers/engine.ts';
import { GreenroomError } from '../protocol/failure.ts';
import type { Preflight } from './driver.ts';

/**
 * Checks that a program can be started: one with a slash in its name relative to `cwd`, any other on the PATH.
 *
 * @throws GreenroomError BINARY_NOT_FOUND
 */
export function requireProgram(subject: string, program: string, cwd: string, path: string, hint?: string): string {
  const byPath = program.includes('/');
  const file = byPath ? resolve(cwd, program) : findOnPath(program, path);
  if (file !== undefined && isExecutable(file)) return file;
  throw new GreenroomError({
    code: 'BINARY_NOT_FOUND',
    message: byPath
      ? `${subject} runs ${program}, but ${file} is not there or not executable`
      : `${subject} runs ${program}, which is not on the PATH`,
    subject,
    hint:
      hint ?? (byPath ? `check the path, which is relative to ${cwd}` : `install ${program}, or write its whole path`),
  });
}

/** There must be a container engine. Rejects with BINARY_NOT_FOUND. */
export const preflightEngine: Preflight = async (name, _plan, _root, env) => void findEngine(name, env);

/** Checks the directory a program shall run in. @throws GreenroomError CONFIG_INVALID */
export function requireDirectory(subject: string, directory: string): void {
  if (statSync(directory, { throwIfNoEntry: false })?.isDirectory() === true) return;
  throw new GreenroomError({
    code: 'CONFIG_INVALID',
    message: `${subject} has \`cwd\` ${directory}, which is not a directory`,
    subject,
    hint: 'give a directory relative to the one of the config file',
  });
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
