import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where a project keeps what was recorded of its runs. */
export function projectDir(root: string, ...path: readonly string[]): string {
  return join(root, '.greenroom', ...path);
}

/** Makes a directory below it, of this user alone and ignored by version control. */
export function makeProjectDir(root: string, dir: string): void {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  writeFileSync(projectDir(root, '.gitignore'), '*\n');
}

/** Where generations of a project have their events and logs, the newest first. */
export function generationDirs(root: string): readonly string[] {
  const all = projectDir(root, 'generations');
  try {
    return readdirSync(all, { withFileTypes: true })
      .flatMap((entry) => (entry.isDirectory() ? [join(all, entry.name)] : []))
      .toSorted((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  } catch {
    return []; // there has been none, or one goes just now
  }
}
