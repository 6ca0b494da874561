/** Names of spec files that are the same on every machine. */
import { posix } from 'node:path';

/**
 * `|unit| test/sum.test.ts`, and without `|unit|` in a project that has no name.
 *
 * @param path relative to the directory of `greenroom.config.ts`, with slashes
 */
export function keyOf(project: string, path: string): string {
  const normal = posix.normalize(path);
  return project === '' ? normal : `|${project}| ${normal}`;
}

/** The two parts of a key. */
export function readKey(key: string): { readonly project: string; readonly path: string } {
  const [, project = '', path = key] = /^\|(.+?)\| (.*)$/s.exec(key) ?? [];
  return { project, path };
}
