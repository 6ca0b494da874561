/** `greenroom run`: brings the infrastructure up, runs a command on it, and leaves. */
import type { CAC } from 'cac';
import { isGreenroomError } from '../../protocol/failure.ts';
import { PROGRESS_MODES, type ProgressMode } from '../../report/reporter.ts';
import { summaryLines } from '../../report/summary.ts';
import { attend, type Ending } from '../attend.ts';
import { answered } from '../answered.ts';
import { commandEnv } from '../environment.ts';
import { isInfrastructure, OK } from '../exit-codes.ts';
import { startForeground } from '../foreground.ts';
import { say, tell } from '../print.ts';
import { unstartable } from '../program-check.ts';
import { catchSignals, type Signals } from '../signals.ts';
import { type Started, startUp } from '../start-up.ts';
import { choice, integer, names, text, usage, type Flags } from '../usage.ts';

export function register(cli: CAC): void {
  cli
    .command('run', 'Start or join the infrastructure, run a command on it, leave')
    .usage('run [flags] [--] COMMAND…')
    .option('--needs <names>', 'Only these resources, separated by commas, and what they need')
    .option('--keep [when]', 'Leave the infrastructure up: always, or on-failure of the command')
    .option('--infra-exit-code <n>', 'Exit code when the infrastructure failed, and the command with it')
    .option('--progress <mode>', `How the start is shown: ${PROGRESS_MODES.join(', ')}`)
    .example('  greenroom run -- npx vitest run')
    .example('  greenroom run --needs db --keep=on-failure pytest -x')
    .action(run);
}

interface Request {
  readonly command: readonly string[];
  readonly config: string | undefined;
  readonly needs: readonly string[] | undefined;
  readonly keep: 'always' | 'on-failure' | undefined;
  readonly infraExitCode: number | undefined;
  readonly progress: ProgressMode;
}

function requestOf(options: Flags): Request {
  const command = options['--'] as readonly string[];
  if (command.length === 0)
    throw usage('`greenroom run` needs a COMMAND', 'for example `greenroom run -- npx vitest run`');
  return {
    command,
    config: text('config', options['config']),
    needs: names('needs', options['needs']),
    keep: options['keep'] === true ? 'always' : choice('keep', options['keep'], ['always', 'on-failure']),
    infraExitCode: integer('infra-exit-code', options['infraExitCode'], 1, 255),
    progress: choice('progress', options['progress'], PROGRESS_MODES) ?? 'auto',
  };
}

async function run(options: Flags): Promise<number> {
  const request = requestOf(options);
  const signals = catchSignals();
  try {
    const started = await startUp({ ...request, gated: true }, signals);
    const { code, lost, incident } = await runCommand(request, started, signals);
    if (!lost) await leave(request, started, signals, code);
    return (lost || incident !== undefined) && code !== OK ? (request.infraExitCode ?? code) : code;
  } catch (error) {
    const { infraExitCode } = request;
    if (infraExitCode === undefined || !isGreenroomError(error) || !isInfrastructure(error.failure)) throw error;
    tell(error.failure);
    return infraExitCode;
  }
}

async function runCommand({ command, infraExitCode }: Request, started: Started, signals: Signals): Promise<Ending> {
  const { session, ready, run: id } = started;
  const env = commandEnv(session, ready, id);
  // A test runner that tells failures apart ends with this code itself.
  if (infraExitCode !== undefined) env['GREENROOM_INFRA_EXIT_CODE'] = String(infraExitCode);
  const problem = unstartable(command[0] ?? '', env['PATH']);
  if (problem !== undefined) {
    say(`greenroom: ${problem.message}`);
    return { code: problem.code, lost: false, incident: undefined };
  }
  return attend(started, signals, startForeground(command, env, started));
}

async function leave(
  { keep, needs, progress }: Request,
  started: Started,
  signals: Signals,
  code: number,
): Promise<void> {
  const { session, start, latest } = started;
  if (progress !== 'quiet') summaryLines(latest().state, session.welcome, start).forEach(say);
  if (keep === 'always' || (keep === 'on-failure' && code !== OK)) {
    await signals.unlessInterrupted(answered('to keep the infrastructure', session.hold(needs ?? null)));
    say('greenroom: the infrastructure stays up; `greenroom down` ends it');
  }
  session.close();
}
