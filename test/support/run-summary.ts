import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Counts } from '../../src/attribution/classes.ts';
import type { RunSummary } from '../../src/report/run-summary.ts';

/** What the last run of a project recorded of itself. */
export function lastSummary(dir: string): RunSummary {
  const runs = join(dir, '.greenroom', 'runs');
  const [last] = readdirSync(runs)
    .map((run) => join(runs, run, 'summary.json'))
    .toSorted((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  return JSON.parse(readFileSync(last ?? runs, 'utf8')) as RunSummary;
}

/** The classes add up to what was collected, which is so much. */
export function expectAccounted(counts: Counts, expected: number): void {
  const { collected, passed, failed, skipped, interrupted, neverRan } = counts;
  expect([collected, passed + failed + skipped + interrupted + neverRan]).toEqual([expected, expected]);
}
