/** One Vitest process of a test: its output as it comes, its signals, and its report at the end. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';

/** A run that has not ended by then is killed, and its test fails. */
const RUN_MS = 50_000;
/** What is waited for in the output has come by then. */
const OUTPUT_MS = 30_000;

/** One spec, as Vitest's JSON report has it. */
export interface SpecResult {
  readonly title: string;
  readonly fullName: string;
  readonly status: string;
  readonly failureMessages: readonly string[];
  readonly meta: Readonly<Record<string, unknown>>;
}

/** One spec file, as Vitest's JSON report has it. */
export interface FileResult {
  readonly name: string;
  readonly status: 'passed' | 'failed';
  /** What the file itself failed with; its specs have messages of their own. */
  readonly message: string;
  readonly assertionResults: readonly SpecResult[];
}

export interface RunResult {
  /** Missing when a signal ended the process. */
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
  /** Standard output and standard error. */
  readonly output: string;
  /** Empty when Vitest wrote no report. */
  readonly files: readonly FileResult[];
}

/** A Vitest process that runs. */
export interface Started {
  readonly pid: number;
  /** What it has said so far, on standard output and standard error. */
  output(): string;
  /** Resolves as soon as the output holds the pattern; rejects when the process ends, or the time is up, before. */
  until(pattern: string | RegExp): Promise<void>;
  /** Signals the process alone. */
  kill(signal: NodeJS.Signals): void;
  /** Signals it and all that it has started and not detached, as Ctrl-C on a terminal does. */
  killGroup(signal: NodeJS.Signals): void;
  readonly ended: Promise<RunResult>;
}

interface Start {
  readonly dir: string;
  /** Has `vitest` in it. */
  readonly modules: string;
  /** File for the JSON report. */
  readonly report: string;
  /** All of the process's environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly args: readonly string[];
}

export function startVitest({ dir, modules, report, env, args }: Start): Started {
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const run = execa(process.execPath, [join(modules, 'vitest', 'vitest.mjs'), ...args, ...reporters], {
    cwd: dir,
    // Nothing of the Vitest process that this test runs in.
    extendEnv: false,
    env: { ...env, NO_COLOR: '1' },
    // A process group of its own, which can be signalled without us.
    detached: true,
    stdin: 'ignore',
    all: true,
    reject: false,
    timeout: RUN_MS,
    killSignal: 'SIGKILL',
    // A signal of a test is that signal, and nothing after it.
    forceKillAfterDelay: false,
  });
  const { pid = -1 } = run;
  let output = '';
  const looks = new Set<() => void>();
  run.all.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    looks.forEach((look) => look());
  });
  const ended = run.then(({ exitCode, signal, all }): RunResult => ({
    exitCode,
    signal,
    output: all,
    files: filesOf(report),
  }));
  return {
    pid,
    ended,
    output: () => output,
    kill: (signal) => void run.kill(signal),
    killGroup: (signal) => void process.kill(-pid, signal),
    until: (pattern) => {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const missing = (why: string) => (): void =>
        reject(new Error(`${why} before it said ${String(pattern)}:\n${output}`));
      const timer = setTimeout(missing(`vitest ran ${OUTPUT_MS} ms`), OUTPUT_MS);
      const look = (): void => {
        if (typeof pattern === 'string' ? output.includes(pattern) : pattern.test(output)) resolve();
      };
      looks.add(look);
      look();
      void ended.then(missing('vitest ended'));
      return promise.finally(() => {
        clearTimeout(timer);
        looks.delete(look);
      });
    },
  };
}

function filesOf(report: string): readonly FileResult[] {
  try {
    return (JSON.parse(readFileSync(report, 'utf8')) as { readonly testResults: readonly FileResult[] }).testResults;
  } catch {
    return []; // it ended before it could write one
  }
}
