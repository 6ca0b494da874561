import { mkdirSync, writeFileSync } from 'node:fs';
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
