/** `.greenroom/runs/<run>/summary.json`: what the summary of a run says, for programs. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { projectDir } from '../platform/project-dir.ts';
import { parsed } from '../protocol/ndjson.ts';

const FILE = 'summary.json';

const count = z.int().nonnegative();

const placeSchema = z.object({
  /** Relative to Vitest's root. */
  file: z.string(),
  /** Names of the suites and of the spec; empty for the file as such. */
  name: z.string(),
  line: z.int().optional(),
});

const verdictSchema = z.object({
  ...placeSchema.shape,
  verdict: z.enum(['LOGIC', 'INFRA', 'UNSURE', 'NEVER_RAN']),
  code: z.string().optional(),
  /** Id of an incident of this run. */
  incident: z.string().optional(),
  /** Its first error; what never ran has none. */
  error: z.string().optional(),
  /** `at`: milliseconds since the epoch. */
  evidence: z.array(z.object({ kind: z.string(), text: z.string(), at: z.number() })),
});

const incidentSchema = z.object({
  id: z.string(),
  resource: z.string(),
  from: z.number(),
  until: z.number().optional(),
  /** All of it in one line. */
  text: z.string(),
  /** The last lines of the resource's log when it was noticed. */
  log: z.array(z.string()),
});

/** The content of the file. */
export const runSummarySchema = z.object({
  v: z.literal(1),
  run: z.string(),
  /** `collected` is the sum of the five after it. */
  counts: z.object({
    collected: count,
    passed: count,
    failed: count,
    skipped: count,
    interrupted: count,
    neverRan: count,
    estimatedFiles: count,
  }),
  /** Of each spec that failed or never ran, and of each suite and file that failed as such. */
  verdicts: z.array(verdictSchema),
  /** What was not well while its specs ran. Times: milliseconds since the epoch. */
  incidents: z.array(incidentSchema),
  /** Specs that had begun when their worker, or the run, ended. */
  interrupted: z.array(placeSchema),
  exitCode: z.int(),
});

export type RunSummary = z.infer<typeof runSummarySchema>;
export type RecordedVerdict = RunSummary['verdicts'][number];

/** Where the summary of a run is. */
export const summaryFile = (root: string, run: string): string => projectDir(root, 'runs', run, FILE);

/**
 * The summary of the project's newest run; undefined when there is none that is whole.
 * @throws Error when one is there and cannot be read
 */
export function newestSummary(root: string): RunSummary | undefined {
  const runs = projectDir(root, 'runs');
  const files = names(runs)
    .map((run) => join(runs, run, FILE))
    .map((path) => ({ path, at: statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0 }))
    .filter(({ at }) => at > 0)
    .toSorted((a, b) => b.at - a.at);
  for (const { path } of files) {
    const checked = runSummarySchema.safeParse(parsed(readFileSync(path, 'utf8')));
    if (checked.success) return checked.data;
  }
  return undefined;
}

function names(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
