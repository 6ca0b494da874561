/** Paths into the config object, as text: keys joined by dots, with dots and percent signs in keys as `%2E`, `%25`. */

/** Writes a path; `readPath` is its inverse. */
export function writePath(keys: readonly string[]): string {
  return keys.map((key) => key.replaceAll(/[%.]/g, (character) => (character === '.' ? '%2E' : '%25'))).join('.');
}

/** Reads what `writePath` wrote. */
export function readPath(path: string): string[] {
  return path.split('.').map((key) => key.replaceAll(/%2E|%25/g, (code) => (code === '%2E' ? '.' : '%')));
}
