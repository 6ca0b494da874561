/** How long spec files take: what is committed, and by what shards are balanced. */
import { createHash } from 'node:crypto';

/** Key of a spec file (`key.ts`) → milliseconds. */
export type Durations = ReadonlyMap<string, number>;

/** The name of the committed file, beside `greenroom.config.ts`. */
export const DURATIONS_FILE = 'greenroom.durations.json';

const HASH_LENGTH = 16;

/** The same text for the same durations: files in order, one a line, so that a diff shows what has changed. */
export function durationsText(durations: Durations): string {
  return `${JSON.stringify({ v: 1, files: Object.fromEntries(inOrder(durations)) }, null, 2)}\n`;
}

/** Says which durations these are, however the file is formatted. */
export function durationsHash(durations: Durations): string {
  return createHash('sha256')
    .update(JSON.stringify(inOrder(durations)))
    .digest('hex')
    .slice(0, HASH_LENGTH);
}

/** The middle one, of two the mean; 1 where there is none, so that files without any are shared out by number. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? 1;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? upper;
  return (lower + upper) / 2;
}

function inOrder(durations: Durations): readonly (readonly [string, number])[] {
  return [...durations].toSorted(([a], [b]) => (a < b ? -1 : 1));
}
