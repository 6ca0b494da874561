/** `greenroom explain [SPEC]`: why specs of the last Vitest run failed or never ran. */
import type { CAC } from 'cac';
import { guessed } from '../../config/unknown-name.ts';
import { GreenroomError } from '../../protocol/failure.ts';
import { explanation, meant } from '../../report/explain.ts';
import { newestSummary, type RunSummary } from '../../report/run-summary.ts';
import { OK } from '../exit-codes.ts';
import { projectRoot } from '../generation.ts';
import { print } from '../print.ts';
import { text, type Flags } from '../usage.ts';

export function register(cli: CAC): void {
  cli
    .command(
      'explain [spec]',
      'Say why specs of the last Vitest run failed: all, or `FILE`, `FILE:LINE`, part of a name',
    )
    .option('--json', 'As a JSON list')
    .action(explain);
}

function explain(spec: string | undefined, options: Flags): number {
  const root = projectRoot(text('config', options['config']));
  const summary = newestSummary(root);
  if (summary === undefined) throw noRun(root);
  const { verdicts, incidents } = summary;
  const shown = spec === undefined ? verdicts : meant(verdicts, spec);
  if (spec !== undefined && shown.length === 0) throw unknownSpec(spec, summary);
  if (options['json'] === true) print(JSON.stringify(shown, null, 2));
  else if (shown.length === 0) print(`nothing failed in the last run: ${summary.counts.passed} specs passed`);
  else print(shown.map((one) => explanation(one, incidents).join('\n')).join('\n\n'));
  return OK;
}

function noRun(root: string): GreenroomError {
  return new GreenroomError({
    code: 'NO_RUN',
    message: `there is no record of a Vitest run in ${root}/.greenroom/runs`,
    hint: 'run `npx vitest run` with the plugin, and then ask again',
  });
}

function unknownSpec(spec: string, { verdicts, counts }: RunSummary): GreenroomError {
  const known = [...new Set(verdicts.map(({ file }) => file))];
  const failed = known.length === 0 ? 'nothing failed in it' : `what failed is in ${known.join(', ')}`;
  return new GreenroomError({
    code: 'UNKNOWN_SPEC',
    message: `nothing in the last run that failed or never ran is called \`${spec}\`${guessed(spec, known)}`,
    hint: `${counts.passed} of its ${counts.collected} specs passed; ${failed}`,
  });
}
