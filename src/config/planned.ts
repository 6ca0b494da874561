import { resolve } from 'node:path';
import { isGreenroomError, type Failure } from '../protocol/failure.ts';
import type { Plan } from '../protocol/plan.ts';
import { contentsOf } from './contents.ts';
import { findConfig } from './find.ts';
import { loadConfig } from './load.ts';
import { toPlan } from './plan.ts';
import { withRelativeImports } from './relative-imports.ts';

/** What a config was made into, and the absolute paths of the files that it was made from. JSON. */
export type Planned = { readonly files: readonly string[] } & ({ readonly plan: Plan } | { readonly failure: Failure });

/**
 * Makes the plan of the nearest config for a directory.
 *
 * @throws what is no failure of Greenroom: a bug
 */
export async function makePlan(cwd: string): Promise<Planned> {
  try {
    const loaded = await loadConfig(cwd);
    const plan = await toPlan(loaded);
    const { files } = await contentsOf(loaded, null, process.env);
    return { plan, files: [...files.keys()].map((path) => resolve(loaded.root, path)) };
  } catch (error) {
    if (!isGreenroomError(error)) throw error;
    return { failure: error.failure, files: filesOfBroken(cwd) };
  }
}

/** Those whose change may mend it, as far as they can be found. */
function filesOfBroken(cwd: string): readonly string[] {
  try {
    return [...withRelativeImports(findConfig(cwd).file).keys()];
  } catch {
    return [];
  }
}
