/** `greenroom audit`: runs the same specs in three ways, and tells those whose result depends on it. */
import { randomInt } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import type { CAC } from 'cac';
import type { Graph } from '../../coordinator/state.ts';
import { count } from '../../report/format.ts';
import { attend } from '../attend.ts';
import { checkVitest, commandFor, waysOf, type Way } from '../audit/command.ts';
import { inCommon } from '../audit/common.ts';
import { compare, countSpecs, type Difference, type SpecResult } from '../audit/compare.ts';
import { readReport } from '../audit/report.ts';
import { commandEnv } from '../environment.ts';
import { exitCodeOfSignal, OK, RESULTS_DIFFER } from '../exit-codes.ts';
import { startForeground } from '../foreground.ts';
import { print, say } from '../print.ts';
import { unstartable } from '../program-check.ts';
import { catchSignals, type Signals } from '../signals.ts';
import { startUp, type Started } from '../start-up.ts';
import { text, usage, type Flags } from '../usage.ts';

/** What Vitest ends with when specs failed. */
const FAILED = 1;
/** Vitest's own seeds are of this size. */
const SEEDS = 2 ** 31;

export function register(cli: CAC): void {
  cli
    .command('audit', 'Find specs whose result depends on the others')
    .usage('audit [flags] [--] COMMAND…')
    .example('  greenroom audit -- npx vitest run')
    .action(audit);
}

async function audit(options: Flags): Promise<number> {
  const command = options['--'] as readonly string[];
  if (command.length === 0)
    throw usage('`greenroom audit` needs a COMMAND', 'for example `greenroom audit -- npx vitest run`');
  checkVitest(command);
  const signals = catchSignals();
  const started = await startUp({ config: text('config', options['config']), progress: 'auto', gated: true }, signals);
  const reports = mkdtempSync(join(tmpdir(), 'greenroom-audit-'));
  try {
    const ways = waysOf(randomInt(SEEDS));
    const runs = await runAll(ways, command, started, signals, reports);
    return typeof runs === 'number' ? runs : tellResults(ways, runs, started.latest().state.graph);
  } finally {
    rmSync(reports, { recursive: true, force: true });
    started.session.close();
  }
}

type Runs = readonly (readonly SpecResult[])[];

/** One after the other, on the same infrastructure. The exit code, when one of them came to no result. */
async function runAll(
  ways: readonly Way[],
  command: readonly string[],
  started: Started,
  signals: Signals,
  reports: string,
): Promise<Runs | number> {
  const env = commandEnv(started.session, started.ready, started.run);
  const problem = unstartable(command[0] ?? '', env['PATH']);
  if (problem !== undefined) {
    say(`greenroom: ${problem.message}`);
    return problem.code;
  }
  let interrupted: NodeJS.Signals | undefined;
  const watched: Signals = {
    ...signals,
    handle: (handler) =>
      signals.handle((signal) => {
        interrupted ??= signal;
        handler(signal);
      }),
  };
  const runs: (readonly SpecResult[])[] = [];
  for (const [index, way] of ways.entries()) {
    say(`greenroom: audit, run ${index + 1} of ${ways.length}: ${way.name}`);
    const report = join(reports, `${index}.json`);
    const { code, lost } = await attend(
      started,
      watched,
      startForeground(commandFor(way, command, report), env, started),
    );
    if (lost) return code;
    if (interrupted !== undefined) return exitCodeOfSignal(interrupted);
    // Vitest has 0 and 1; others say that the infrastructure failed, or that it was killed.
    if (code > FAILED) {
      say(`greenroom: the run with ${way.name} ended with exit code ${code}, so that its results say nothing`);
      return code;
    }
    const results = readReport(report) ?? [];
    if (results.length === 0) throw usage(`the run with ${way.name} has run no spec`, 'see what Vitest says above');
    runs.push(results);
  }
  return runs;
}

function tellResults(ways: readonly Way[], runs: Runs, graph: Graph): number {
  const specs = count(countSpecs(runs), 'spec');
  const differences = compare(runs);
  if (differences.length === 0) {
    const failed = runs[0]?.filter(({ result }) => result === 'failed').length ?? 0;
    print(`${specs}, the same results in ${ways.length} runs${failed === 0 ? '' : `; ${failed} failed in each`}`);
    return OK;
  }
  const widest = Math.max(...ways.map(({ name }) => name.length));
  print(`${differences.length} of ${specs} with results that depend on the run:`);
  for (const { file, name, results } of differences) {
    print(`\n  ${relative(process.cwd(), file)}${name === '' ? '' : ` > ${name}`}`);
    for (const [index, way] of ways.entries()) print(`    ${way.name.padEnd(widest)}  ${results[index]}`);
  }
  const common = inCommon(sourcesOf(differences), graph);
  print(`\ntheir files have in common: ${common.length === 0 ? 'no resource' : common.join(', ')}`);
  return RESULTS_DIFFER;
}

function sourcesOf(differences: readonly Difference[]): readonly string[] {
  const files = new Set(differences.map(({ file }) => file));
  return [...files].map((file) => (existsSync(file) ? readFileSync(file, 'utf8') : ''));
}
