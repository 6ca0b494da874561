import { readFileSync } from 'node:fs';

/** Of this library. */
export function packageVersion(): string {
  const above = import.meta.url.endsWith('.ts') ? '../../package.json' : '../../../package.json';
  return (JSON.parse(readFileSync(new URL(above, import.meta.url), 'utf8')) as { version: string }).version;
}
