import { readFileSync } from 'node:fs';

/** Of this library. */
export function packageVersion(): string {
  const above = import.meta.url.endsWith('.ts') ? '../../package.json' : '../../../package.json';
  return versionIn(new URL(above, import.meta.url));
}

/** What a `package.json` says. */
export function versionIn(file: string | URL): string {
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
