/** Records what the summary of a run says. */
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Vitest } from 'vitest/node';
import { classOf } from '../../attribution/classes.ts';
import type { FileFacts, SpecFacts, SuiteFacts } from '../../attribution/facts.ts';
import { keepNewest } from '../../platform/keep-newest.ts';
import { makeProjectDir, projectDir } from '../../platform/project-dir.ts';
import { redact } from '../../protocol/redact.ts';
import { incidentText } from '../../report/incident.ts';
import { type RunSummary, summaryFile } from '../../report/run-summary.ts';
import type { Joined } from '../joined.ts';
import { projectRoot } from '../project-root.ts';
import type { Ended } from './ending.ts';

const KEPT_RUNS = 10;

/** Writes it for this run; in watch mode a rerun replaces it. Only the newest runs of a project are kept. */
export function writeSummary(vitest: Vitest, { counts, files, incidents, judged }: Ended, exitCode: number): void {
  const root = projectRoot(vitest.config.root);
  const run = runOf(vitest.projects[0]?.getProvidedContext()['greenroom:joined']);
  const summary: RunSummary = {
    v: 1,
    run,
    counts,
    verdicts: judged.map(({ file, spec, suite, meta: { verdict, code, incident, evidence } }) => ({
      ...placeOf(file, spec ?? suite),
      verdict,
      ...(code === undefined ? {} : { code }),
      ...(incident === undefined ? {} : { incident }),
      ...errorOf(spec ?? suite),
      evidence: [...evidence],
    })),
    incidents: incidents.map((incident) => {
      const { id, resource, from, until, failure } = incident;
      const text = incidentText(incident);
      return { id, resource, from, ...(until === undefined ? {} : { until }), text, log: [...(failure.log ?? [])] };
    }),
    interrupted: files.flatMap((file) =>
      file.specs.filter((spec) => classOf(spec) === 'interrupted').map((spec) => placeOf(file, spec)),
    ),
    exitCode,
  };
  const file = summaryFile(root, run);
  const dir = dirname(file);
  makeProjectDir(root, dir);
  writeFileSync(file, `${JSON.stringify(redact(summary), undefined, 2)}\n`);
  keepNewest(projectDir(root, 'runs'), KEPT_RUNS - 1, new Set([dir]));
}

function placeOf(file: FileFacts, what: SpecFacts | SuiteFacts | undefined) {
  const line = what !== undefined && 'line' in what ? { line: what.line } : {};
  return { file: file.path, name: what?.name ?? '', ...line };
}

function errorOf(what: SpecFacts | SuiteFacts | undefined): { error?: string } {
  return what?.error === undefined ? {} : { error: what.error.message };
}

/** The id under which the coordinator knows the run; one of its own where it never got that far. */
function runOf(joined: Joined | undefined): string {
  return joined !== undefined && 'run' in joined ? joined.run : randomUUID();
}
