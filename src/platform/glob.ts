import { glob } from 'node:fs/promises';
import { isAbsolute, join, relative } from 'node:path';
import { isFile } from './is-file.ts';

/** Files, not directories, that a glob matches; paths relative to `root`, which the glob is read from. */
export async function filesMatching(pattern: string, root: string): Promise<string[]> {
  const found: string[] = [];
  for await (const path of glob(pattern, { cwd: root })) {
    const file = isAbsolute(path) ? relative(root, path) : path;
    if (isFile(join(root, file))) found.push(file);
  }
  return found;
}
