/** A copy of `fixtures/cli` in a directory of its own, on which the built command line is run. */
import type { ChildProcess } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { execa, type Options } from 'execa';
import type { Event } from '../../src/coordinator/events.ts';
import { copyOf, eventLogs, linkLibrary, REPOSITORY, write } from './copy.ts';
import { expectNothingLeft } from './leftovers.ts';

const BINARY = join(REPOSITORY, 'dist', 'src', 'cli', 'main.js');
/** util-linux' `script`: runs a command on a terminal of its own. */
export const TERMINAL = 'script';
/** A command that does not end by then is killed, and its test fails. */
const COMMAND_MS = 60_000;

interface CliResult {
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** For a command of Node: waits until the coordinator knows that a resource is lost. */
export const UNTIL_LOST = `
const { globSync, readFileSync } = await import('node:fs');
const isLost = (log) => readFileSync(log, 'utf8').includes('"kind":"failed"');
while (!globSync('.greenroom/generations/*/events.ndjson').some(isLost)) await new Promise((look) => setTimeout(look, 20));
`;

/** A command line that runs. */
interface Running {
  readonly pid: number;
  readonly result: Promise<CliResult>;
  /** The first line of standard output that contains `text`; rejects when the output ends before it comes. */
  line(text: string): Promise<string>;
  /** The same of standard error. */
  errorLine(text: string): Promise<string>;
  kill(signal: NodeJS.Signals): void;
  /** Types on the terminal it runs on, if it does. */
  type(keys: string): void;
}

export interface CliProject extends AsyncDisposable {
  readonly dir: string;
  readonly env: Readonly<Record<string, string>>;
  /** Runs `greenroom` to its end. */
  greenroom(...args: readonly string[]): Promise<CliResult>;
  /** Starts `greenroom`. */
  start(...args: readonly string[]): Running;
  /** Starts `greenroom` with more in its environment. */
  startWith(env: Readonly<Record<string, string>>, ...args: readonly string[]): Running;
  /** Starts `greenroom` on a terminal of its own: util-linux' `script` makes one. */
  onTerminal(...args: readonly string[]): Running;
  /** Writes a file of the project. */
  write(path: string, text: string): void;
  /** Resolves when nothing is left of all that was started; rejects with what is. */
  nothingLeft(): Promise<void>;
  /** The event log of each generation, oldest first. */
  generations(): readonly (readonly Event[])[];
}

/** @param files Written over the fixture's own: path in the project → text. */
export function cliProject(files: Readonly<Record<string, string>> = {}): CliProject {
  const { base, dir, runtimeDir, modules, env } = copyOf('cli', [], files);
  linkLibrary(modules);

  const options = { cwd: dir, env, extendEnv: false, reject: false, timeout: COMMAND_MS } as const satisfies Options;
  const nothingLeft = (): Promise<void> => expectNothingLeft({ runtimeDir, projectDir: dir });
  const startWith = (more: Readonly<Record<string, string>>, ...args: readonly string[]): Running =>
    running(execa(process.execPath, [BINARY, ...args], { ...options, env: { ...env, ...more }, stdin: 'ignore' }));
  const start = (...args: readonly string[]): Running => startWith({}, ...args);
  return {
    dir,
    env,
    start,
    startWith,
    onTerminal: (...args) => {
      const words = ['stty cols 100; exec', process.execPath, BINARY, ...args];
      return running(execa(TERMINAL, ['-qefc', words.join(' '), '/dev/null'], { ...options, stdin: 'pipe' }));
    },
    greenroom: (...args) => start(...args).result,
    nothingLeft,
    write: (path, text) => write(dir, path, text),
    generations: () => eventLogs(dir),
    async [Symbol.asyncDispose]() {
      try {
        await nothingLeft();
      } catch (error) {
        // A test that failed half-way may have left something up on purpose; it must not stay.
        await start('down', '--force').result;
        throw error;
      }
      rmSync(base, { recursive: true });
    },
  };
}

function running(started: Promise<Ended> & { readonly nodeChildProcess: ChildProcess }): Running {
  const child = started.nodeChildProcess;
  return {
    pid: child.pid ?? -1,
    result: started.then(({ exitCode: code, stdout = '', stderr = '' }) => ({ code, stdout, stderr })),
    line: lineFinder(child.stdout),
    errorLine: lineFinder(child.stderr),
    kill: (signal) => void child.kill(signal),
    type: (keys) => void child.stdin?.write(keys),
  };
}

/** What execa says of a process that has ended. */
interface Ended {
  readonly exitCode?: number | undefined;
  readonly stdout?: string;
  readonly stderr?: string;
}

/** Waits for lines of a stream; those that have come already count. */
function lineFinder(stream: Readable | null): (text: string) => Promise<string> {
  const seen: string[] = [];
  const looks = new Set<() => void>();
  let ended = stream === null;
  if (stream !== null) {
    const lines = createInterface({ input: stream });
    lines.on('line', (line) => {
      seen.push(line);
      looks.forEach((look) => look());
    });
    lines.once('close', () => {
      ended = true;
      looks.forEach((look) => look());
    });
  }
  return (text) =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const found = seen.find((line) => line.includes(text));
        if (found === undefined && !ended) return;
        looks.delete(look);
        if (found === undefined) reject(new Error(`no line with "${text}" came; there was:\n${seen.join('\n')}`));
        else resolve(found);
      };
      looks.add(look);
      look();
    });
}
