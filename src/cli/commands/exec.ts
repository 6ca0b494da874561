/** `greenroom exec`: N copies of a command, or N processes that take files one by one; each with a slot of its own. */
import type { CAC } from 'cac';
import { PROGRESS_MODES } from '../../report/reporter.ts';
import { summaryLines } from '../../report/summary.ts';
import { type Attended, attend } from '../attend.ts';
import { startCopies } from '../copies.ts';
import { matchingFiles, startPool } from '../each.ts';
import { commandEnv } from '../environment.ts';
import { say } from '../print.ts';
import { unstartable } from '../program-check.ts';
import { catchSignals, type Signals } from '../signals.ts';
import { type Started, startUp } from '../start-up.ts';
import { choice, integer, text, usage, type Flags } from '../usage.ts';

const MAX_PROCS = 1_024;
const EXAMPLE = 'for example `greenroom exec --procs 4 -- node --test`';

export function register(cli: CAC): void {
  cli
    .command('exec', 'Run copies of a command, each with a slot of its own')
    .usage('exec --procs N (--each GLOB | [--] COMMAND…)')
    .option('--procs <n>', 'Number of processes')
    .option('--each <glob>', 'Import the files that match, one by one, in any of the processes')
    .option('--progress <mode>', `How the start is shown: ${PROGRESS_MODES.join(', ')}`)
    .example('  greenroom exec --procs 4 -- pytest')
    .example("  greenroom exec --procs 4 --each 'specs/**/*.mjs'")
    .action(exec);
}

async function exec(options: Flags): Promise<number> {
  const command = options['--'] as readonly string[];
  const procs = integer('procs', options['procs'], 1, MAX_PROCS);
  const glob = text('each', options['each']);
  const progress = choice('progress', options['progress'], PROGRESS_MODES) ?? 'auto';
  if (procs === undefined) throw usage('`greenroom exec` needs --procs N', EXAMPLE);
  if ((glob === undefined) === (command.length === 0))
    throw usage('`greenroom exec` takes either a COMMAND or --each GLOB', EXAMPLE);
  if (glob !== undefined && (await matchingFiles(glob)).length === 0)
    throw usage(`no file matches ${glob}`, 'quote the pattern, so that the shell leaves it alone');

  const signals = catchSignals();
  const started = await startUp(
    { config: text('config', options['config']), progress, workers: procs, gated: true },
    signals,
  );
  const problem = unstartable(
    command[0] ?? process.execPath,
    commandEnv(started.session, started.ready, started.run)['PATH'],
  );
  if (problem !== undefined) {
    say(`greenroom: ${problem.message}`);
    return problem.code;
  }
  const attended =
    glob === undefined ? await copies(command, procs, started, signals) : startPool(glob, procs, started);
  const { code, lost } = await attend(started, signals, attended);
  if (!lost && progress !== 'quiet') {
    summaryLines(started.latest().state, started.session.welcome, started.start).forEach(say);
  }
  return code;
}

async function copies(
  command: readonly string[],
  procs: number,
  started: Started,
  signals: Signals,
): Promise<Attended> {
  return signals.unlessInterrupted(startCopies(command, procs, started));
}
