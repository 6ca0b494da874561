/** `.greenroom/runs/<run>/summary.json`: what the summary says, for programs. */
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Vitest } from 'vitest/node';
import type { Counts } from '../../attribution/classes.ts';
import type { SpecFacts, SuiteFacts } from '../../attribution/facts.ts';
import { keepNewest } from '../../platform/keep-newest.ts';
import { makeProjectDir, projectDir } from '../../platform/project-dir.ts';
import { redact } from '../../protocol/redact.ts';
import type { Verdict, VerdictMeta } from '../../protocol/verdict.ts';
import type { Joined } from '../joined.ts';
import { projectRoot } from '../project-root.ts';
import type { Ended } from './ending.ts';

const KEPT_RUNS = 10;

/** The content of the file. */
export interface RunSummary {
  readonly v: 1;
  readonly run: string;
  readonly counts: Counts;
  /** Of each spec that failed or never ran, and of each suite and file that failed as such. */
  readonly verdicts: readonly {
    /** Relative to Vitest's root. */
    readonly file: string;
    /** Names of the suites and of the spec; empty for the file as such. */
    readonly name: string;
    readonly line?: number;
    readonly verdict: Verdict;
    readonly code?: string;
    /** Its first error; what never ran has none. */
    readonly error?: string;
    readonly evidence: VerdictMeta['evidence'];
  }[];
  readonly exitCode: number;
}

/** Writes it for this run; in watch mode a rerun replaces it. Only the newest runs of a project are kept. */
export function writeSummary(vitest: Vitest, { counts, judged }: Ended, exitCode: number): void {
  const root = projectRoot(vitest.config.root);
  const run = runOf(vitest.projects[0]?.getProvidedContext()['greenroom:joined']);
  const summary: RunSummary = {
    v: 1,
    run,
    counts,
    verdicts: judged.map(({ file, spec, suite, meta: { verdict, code, evidence } }) => ({
      file: file.path,
      name: (spec ?? suite)?.name ?? '',
      ...(spec?.line === undefined ? {} : { line: spec.line }),
      verdict,
      ...(code === undefined ? {} : { code }),
      ...errorOf(spec ?? suite),
      evidence,
    })),
    exitCode,
  };
  const dir = projectDir(root, 'runs', run);
  makeProjectDir(root, dir);
  writeFileSync(join(dir, 'summary.json'), `${JSON.stringify(redact(summary), undefined, 2)}\n`);
  keepNewest(projectDir(root, 'runs'), KEPT_RUNS - 1, new Set([dir]));
}

function errorOf(what: SpecFacts | SuiteFacts | undefined): { error?: string } {
  return what?.error === undefined ? {} : { error: what.error.message };
}

/** The id under which the coordinator knows the run; one of its own where it never got that far. */
function runOf(joined: Joined | undefined): string {
  return joined !== undefined && 'run' in joined ? joined.run : randomUUID();
}
