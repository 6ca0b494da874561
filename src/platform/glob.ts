import { statSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { isAbsolute, join, relative } from 'node:path';

/** Files, not directories, that a glob matches; paths relative to `root`, which the glob is read from. */
export async function filesMatching(pattern: string, root: string): Promise<string[]> {
  const found: string[] = [];
  for await (const path of glob(pattern, { cwd: root })) {
    const file = isAbsolute(path) ? relative(root, path) : path;
    if (statSync(join(root, file), { throwIfNoEntry: false })?.isFile()) found.push(file);
  }
  return found;
}
