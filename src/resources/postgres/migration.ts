/** What brings a database from empty to what specs start with. */
import type { FunctionRef } from '../../protocol/plan.ts';

/** A program that migrates the database of `DATABASE_URL`. */
export interface MigrationCommand {
  /** Program and arguments; never a shell string. */
  readonly run: readonly string[];
  /** Relative to the directory of the config file, which is the default. */
  readonly cwd?: string;
  /** Globs of the files it reads. The database is built anew when one of them changes. */
  readonly files?: string | readonly string[];
  /** Its version. The database is built anew when this changes. */
  readonly version?: string | number;
}

/** In the plan: globs of SQL files, a command, or a function of the config. */
export type MigrationPlan = string | readonly string[] | MigrationCommand | FunctionRef;

/** One or more globs as a list. */
export const list = (globs: string | readonly string[] = []): readonly string[] => [globs].flat();

/** The globs in a value of `migrate` or `seed`, whatever the value is. */
export function migrationGlobs(value: unknown): readonly string[] {
  const globs = typeof value === 'object' && value !== null && 'files' in value ? value.files : value;
  return [globs].flat().filter((glob) => typeof glob === 'string');
}
