import { realpathSync } from 'node:fs';
import { posix, relative, sep } from 'node:path';
import { keyOf } from '../../durations/key.ts';
import { projectRoot } from '../project-root.ts';

/** A test module or a test specification. */
interface SpecFile {
  readonly project: { readonly name: string };
  readonly moduleId: string;
}

export interface SpecKeys {
  /** Directory that the keys are relative to, where the durations are kept. */
  readonly root: string;
  readonly of: (file: SpecFile) => string;
}

/**
 * How the spec files of a Vitest process are called in durations: relative to the directory of the nearest
 * `greenroom.config.ts`, which several of them share in a monorepo; without one, to Vitest's own root.
 */
export function specKeys(vitestRoot: string): SpecKeys {
  const here = realpathSync(vitestRoot);
  const root = projectRoot(here);
  const prefix = slashed(relative(root, here));
  return {
    root,
    of: ({ project, moduleId }) => keyOf(project.name, posix.join(prefix, slashed(relative(vitestRoot, moduleId)))),
  };
}

/** As every system writes it in reports. */
export const slashed = (path: string): string => (sep === '/' ? path : path.replaceAll(sep, '/'));
