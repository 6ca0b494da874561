import { realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { isFile } from '../platform/is-file.ts';
import { notFoundAbove, notFoundAt } from './errors.ts';

/** In this order, so that a file compiled beside its source is not taken for the source. */
const FILE_NAMES = ['ts', 'mts', 'mjs', 'js'].map((extension) => `greenroom.config.${extension}`);

/**
 * The config file for a working directory: the nearest from there upwards, or the one named explicitly (relative
 * to `cwd`). Its directory is the real one, so that a symbolic link on the way does not make another project of it.
 * @throws GreenroomError CONFIG_NOT_FOUND
 */
export function findConfig(cwd: string, explicit?: string): { readonly file: string; readonly root: string } {
  const found = explicit === undefined ? nearestFile(resolve(cwd)) : resolve(cwd, explicit);
  if (found === undefined) throw notFoundAbove(resolve(cwd));
  if (!isFile(found)) throw notFoundAt(found);
  const root = realpathSync(dirname(found));
  return { file: join(root, basename(found)), root };
}

function nearestFile(directory: string): string | undefined {
  const here = FILE_NAMES.map((name) => join(directory, name)).find(isFile);
  if (here !== undefined) return here;
  const parent = dirname(directory);
  return parent === directory ? undefined : nearestFile(parent);
}
