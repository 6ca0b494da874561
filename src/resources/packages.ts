import { createRequire } from 'node:module';
import { join } from 'node:path';
import { GreenroomError } from '../protocol/failure.ts';

/** What a package is wanted for, for the message when it is missing. */
export interface Wanted {
  readonly name: string;
  /** Reads as "… needs the package …". */
  readonly by: string;
  /** What to install; default: the package itself. */
  readonly install?: string;
}

/**
 * Path of the main file of an optional package: the user's own copy, else one beside Greenroom, else one that only
 * `via` (a package that depends on it) can see.
 */
export function resolvePackage({ name, by, install = name }: Wanted, root: string, via?: string): string {
  for (const base of [join(root, 'package.json'), import.meta.url]) {
    const direct = resolveFrom(base, name);
    if (direct !== undefined) return direct;
    const between = via === undefined ? undefined : resolveFrom(base, via);
    const indirect = between === undefined ? undefined : resolveFrom(between, name);
    if (indirect !== undefined) return indirect;
  }
  throw new GreenroomError({
    code: 'PACKAGE_NOT_FOUND',
    message: `${by} needs the package ${name}, which is not installed`,
    hint: `npm install --save-dev ${install}`,
  });
}

/** Loads an optional CommonJS package, as late as possible: who does not use it need not have it. */
export function loadPackage(wanted: Wanted, root: string): unknown {
  return createRequire(import.meta.url)(resolvePackage(wanted, root)) as unknown;
}

function resolveFrom(base: string, name: string): string | undefined {
  try {
    return createRequire(base).resolve(name);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'MODULE_NOT_FOUND' || code === 'ERR_PACKAGE_PATH_NOT_EXPORTED') return undefined;
    throw error;
  }
}
