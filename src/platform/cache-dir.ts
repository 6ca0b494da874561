import { lstatSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { makeDir, whyNotPrivate } from './paths.ts';

/**
 * Where the user's caches are: `greenroom` in `XDG_CACHE_HOME`, else in `.cache` of the home directory. Undefined where
 * the environment names neither. As the specification of these directories says, a relative path does not count.
 */
export function cacheDir(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const { XDG_CACHE_HOME: xdg = '', HOME: home = '' } = env;
  if (isAbsolute(xdg)) return join(xdg, 'greenroom');
  return isAbsolute(home) ? join(home, '.cache', 'greenroom') : undefined;
}

/**
 * Makes the directory, which nobody else may enter, or checks the one that is there.
 * @throws Error when it cannot be made, or when it is not this user's alone
 */
export function openCacheDir(dir: string): void {
  makeDir(dir);
  const wrong = whyNotPrivate(lstatSync(dir));
  if (wrong !== undefined) throw new Error(`${dir} is not safe: ${wrong}`);
}
