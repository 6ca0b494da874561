/** Finds the command that was asked for, runs it, and turns whatever is thrown into a message and an exit code. */
import { inspect } from 'node:util';
import { cac, type CAC, type Command } from 'cac';
import { packageVersion } from '../platform/package-version.ts';
import { checkPlatform } from '../platform/supported.ts';
import { describeError, type Failure, isGreenroomError } from '../protocol/failure.ts';
import * as audit from './commands/audit.ts';
import * as cache from './commands/cache.ts';
import * as chaos from './commands/chaos.ts';
import * as down from './commands/down.ts';
import * as durations from './commands/durations.ts';
import * as env from './commands/env.ts';
import * as exec from './commands/exec.ts';
import * as explain from './commands/explain.ts';
import * as gather from './commands/gather.ts';
import * as logs from './commands/logs.ts';
import * as run from './commands/run.ts';
import * as status from './commands/status.ts';
import * as traffic from './commands/traffic.ts';
import * as up from './commands/up.ts';
import * as wait from './commands/wait.ts';
import { exitCodeOfFailure, exitCodeOfSignal, INTERNAL, OK, USAGE } from './exit-codes.ts';
import { say, tell } from './print.ts';
import { Interrupted } from './signals.ts';
import { splitCommand } from './split.ts';
import { unknownWord, usage } from './usage.ts';

/** Those whose words after the flags belong to somebody else. */
const WITH_COMMAND = new Set(['run', 'exec', 'audit']);

/** Runs the command line `argv` (with Node and script in front). Resolves with the exit code, never rejects. */
export async function main(argv: readonly string[]): Promise<number> {
  process.on('uncaughtException', (error) => process.exit(report(error)));
  // Whoever reads the output may stop reading, as `head` does.
  process.stdout.on('error', () => process.exit(exitCodeOfSignal('SIGPIPE')));
  try {
    checkPlatform();
    return await dispatch(argv);
  } catch (error) {
    return report(error);
  }
}

async function dispatch(argv: readonly string[]): Promise<number> {
  const cli = program();
  cli.parse(ordered(cli, argv), { run: false });
  if (cli.options['help'] === true || cli.options['version'] === true) return OK;
  const { matchedCommand } = cli;
  if (matchedCommand === undefined) {
    const [word] = cli.args;
    if (word !== undefined)
      throw unknownWord(
        'command',
        word,
        cli.commands.map(({ name }) => name),
      );
    cli.outputHelp();
    return USAGE;
  }
  checkFlags(cli, matchedCommand);
  return (await cli.runMatchedCommand()) as number;
}

const COMMANDS = [
  run,
  up,
  down,
  env,
  status,
  logs,
  gather,
  traffic,
  wait,
  chaos,
  exec,
  explain,
  audit,
  durations,
  cache,
];

function program(): CAC {
  const cli = cac('greenroom');
  for (const { register } of COMMANDS) register(cli);
  cli.usage('<command> [flags]');
  cli.option('--config <file>', 'Config file (default: the nearest greenroom.config.* above)');
  cli.help((sections) => helpSections(cli, sections));
  cli.version(packageVersion());
  return cli;
}

/** cac's help, with what the command is for, and without a second list of all commands. */
function helpSections({ matchedCommand }: CAC, sections: readonly HelpSection[]): HelpSection[] {
  const [title, ...rest] = sections.filter((section) => section.title?.startsWith('For more info') !== true);
  const purpose = matchedCommand === undefined ? [] : [{ body: matchedCommand.description }];
  return [...(title === undefined ? [] : [title]), ...purpose, ...rest];
}

type HelpSection = { title?: string; body: string };

/** Puts the name first, and `--` in front of the user's command, so that none of its flags is taken for ours. */
function ordered(cli: CAC, argv: readonly string[]): string[] {
  const [node = '', script = '', ...all] = argv;
  const { own: before, command: rest } = splitCommand(all, takingValues(cli.globalCommand.options));
  const [name = '', ...words] = rest;
  const command = cli.commands.find((candidate) => candidate.name === name);
  if (command === undefined || !WITH_COMMAND.has(name)) return [...argv];
  const { own, command: theirs } = splitCommand(
    words,
    takingValues([...command.options, ...cli.globalCommand.options]),
  );
  return [node, script, name, ...before, ...own, '--', ...theirs];
}

function takingValues(flags: Command['options']): ReadonlySet<string> {
  return new Set(flags.filter(({ required }) => required === true).map(flagName));
}

function checkFlags(cli: CAC, command: Command): void {
  const flags = [...command.options, ...cli.globalCommand.options];
  for (const given of Object.keys(cli.options)) {
    if (given === '--' || flags.some(({ names }) => names.includes(given))) continue;
    const dashed = given.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    throw unknownWord(
      'flag',
      `--${dashed}`,
      flags.map((flag) => `--${flagName(flag)}`),
      `see \`greenroom ${command.name} --help\``,
    );
  }
}

/** `--infra-exit-code <n>` → `infra-exit-code`. */
function flagName({ rawName }: { readonly rawName: string }): string {
  return /--([\w-]+)/.exec(rawName)?.[1] ?? rawName;
}

function report(error: unknown): number {
  if (error instanceof Interrupted) {
    say(`greenroom: ${error.message}`);
    return exitCodeOfSignal(error.signal);
  }
  if (process.env['GREENROOM_DEBUG'] === '1') say(inspect(error));
  const failure = failureOf(error);
  if (failure === undefined) {
    say(`error: a fault in Greenroom itself: ${describeError(error)} (GREENROOM_DEBUG=1 shows where)`);
    return INTERNAL;
  }
  tell(failure);
  return exitCodeOfFailure(failure);
}

function failureOf(error: unknown): Failure | undefined {
  if (isGreenroomError(error)) return error.failure;
  // What cac finds wrong: a missing argument or value, or one too many.
  return error instanceof Error && error.name === 'CACError' ? usage(error.message).failure : undefined;
}
