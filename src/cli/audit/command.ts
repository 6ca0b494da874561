/** The commands of an audit, made from the user's. Pure. */
import { basename } from 'node:path';
import { usage } from '../usage.ts';

/** One way to run the specs. */
export interface Way {
  readonly name: string;
  /** Flags of Vitest that make it so. */
  readonly flags: readonly string[];
}

/** Names that Vitest's program has, behind `npx` or `node` as well. */
const VITEST: ReadonlySet<string> = new Set(['vitest', 'vitest.mjs']);

/** What Vitest does besides running specs. */
const OTHER_WORK: ReadonlySet<string> = new Set(['bench', 'dev', 'init', 'list', 'watch']);

/** Flags of the user's that every way has its own of; those with `true` take the next word as their value. */
const OURS: Readonly<Record<string, boolean>> = {
  watch: false,
  w: false,
  bail: true,
  'sequence.shuffle': false,
  'sequence.shuffle.files': false,
  'sequence.shuffle.tests': false,
  'sequence.seed': true,
  outputFile: true,
  'outputFile.json': true,
};

/** Alone, as the suite is meant to run, and in another order. */
export function waysOf(seed: number): readonly Way[] {
  return [
    { name: '1 worker', flags: ['--maxWorkers=1'] },
    { name: 'all workers', flags: [] },
    {
      name: `shuffled, seed ${seed}`,
      flags: ['--sequence.shuffle.files=true', '--sequence.shuffle.tests=true', `--sequence.seed=${seed}`],
    },
  ];
}

/** @throws GreenroomError USAGE when the command is not one that runs specs by Vitest */
export function checkVitest(command: readonly string[]): void {
  const at = command.findIndex((word) => VITEST.has(basename(word)));
  if (at === -1) {
    throw usage(
      `\`greenroom audit\` takes a command of Vitest, got \`${command.join(' ')}\``,
      'name `vitest` itself, for example `greenroom audit -- npx vitest run`',
    );
  }
  const next = command[at + 1] ?? 'run';
  if (OTHER_WORK.has(next)) throw usage(`\`vitest ${next}\` runs no specs to its end`, 'take `vitest run`');
}

/** The user's command, changed to run in one way, to its end, and to write a report. */
export function commandFor({ flags }: Way, command: readonly string[], report: string): readonly string[] {
  const end = command.indexOf('--');
  const [words, rest] = end === -1 ? [command, []] : [command.slice(0, end), command.slice(end)];
  const own = flags.map(nameOf);
  const theirs = without(words, { ...Object.fromEntries(own.map((flag) => [flag, true])), ...OURS });
  // Naming a reporter takes those of the config away; people want to see what happens all the same.
  const reporters = theirs.some((word) => nameOf(word) === 'reporter') ? [] : ['--reporter=default'];
  const ours = ['--watch=false', '--bail=0', ...reporters, '--reporter=json', `--outputFile.json=${report}`];
  return [...theirs, ...ours, ...flags, ...rest];
}

function without(words: readonly string[], flags: Readonly<Record<string, boolean>>): readonly string[] {
  const kept: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    const takesValue = flags[nameOf(word)];
    if (takesValue === undefined) kept.push(word);
    else if (takesValue && !word.includes('=')) at += 1;
  }
  return kept;
}

/** `--max-workers=4` → `maxWorkers`; empty for what is no flag. */
function nameOf(word: string): string {
  const [, name = ''] = /^--?(?:no-)?([^=]+)/.exec(word) ?? [];
  return name.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
