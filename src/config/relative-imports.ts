import { readFileSync, realpathSync } from 'node:fs';
import { dirname, extname, resolve } from 'node:path';
import { isFile } from '../platform/is-file.ts';

/**
 * `from './x.ts'`, `import './x.ts'`, `import('./x.ts')` and `require('./x')`, also with a comment in between. Read as
 * text, not parsed: a match inside a comment or a string can only add a file that exists to what is watched, while
 * missing one would hide a change.
 */
const SPECIFIER = /\b(?:from|import|require)(?:\s|\(|\/\*(?:[^*]|\*(?!\/))*\*\/)*(["'`])(\.{1,2}\/[^"'`\n]+)\1/g;

/** What `require` may leave out. */
const ENDINGS = ['', '.js', '.cjs', '.json', '/index.js'];

/** Kinds of files that can import others. */
const CODE = /^\.[mc]?[jt]sx?$/;

/**
 * A file and all it imports by relative paths, directly or not, each with its contents. Packages, and paths that
 * are computed, are not followed; `inputs` of the config is for those.
 */
export function withRelativeImports(file: string, found = new Map<string, Buffer>()): Map<string, Buffer> {
  if (found.has(file)) return found;
  const contents = readFileSync(file);
  found.set(file, contents);
  if (!CODE.test(extname(file))) return found;
  // As Node resolves them: from where the file really is.
  const directory = dirname(realpathSync(file));
  for (const [, , specifier = ''] of contents.toString('utf8').matchAll(SPECIFIER)) {
    const imported = existing(resolve(directory, specifier.replace(/[?#].*$/, '')));
    if (imported !== undefined) withRelativeImports(imported, found);
  }
  return found;
}

function existing(path: string): string | undefined {
  return ENDINGS.map((ending) => path + ending).find(isFile);
}
