/** A copy of `fixtures/vitest` in a directory of its own, run by a Vitest process of its own. */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import type { Event } from '../../src/coordinator/events.ts';
import { copyOf, eventLogs, linkLibrary } from './copy.ts';
import { expectNothingLeft } from './leftovers.ts';

const RUN_MS = 50_000;

/** One spec file, as Vitest's JSON report has it. */
export interface FileResult {
  readonly name: string;
  readonly status: 'passed' | 'failed';
  /** What the file itself failed with; its specs have messages of their own. */
  readonly message: string;
  readonly assertionResults: readonly { readonly title: string; readonly status: string }[];
}

export interface RunResult {
  readonly exitCode: number | undefined;
  /** Standard output and standard error. */
  readonly output: string;
  readonly files: readonly FileResult[];
}

export interface VitestProject extends AsyncDisposable {
  readonly dir: string;
  /** Runs `vitest` with these arguments; a run that does not end by its deadline is killed. */
  vitest(...args: readonly string[]): Promise<RunResult>;
  /** The event log of each generation, oldest first. */
  generations(): readonly (readonly Event[])[];
}

/**
 * @param files Written over the fixture's own: path in the project → text.
 * @param library What `node_modules/greenroom` is; default: this repository.
 */
export function vitestProject(
  files: Readonly<Record<string, string>> = {},
  library: (modules: string) => void = linkLibrary,
): VitestProject {
  const { base, dir, runtimeDir, modules, env } = copyOf('vitest', ['vitest'], files);
  library(modules);

  return {
    dir,
    async vitest(...args) {
      const report = join(base, 'report.json');
      const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
      const run = await execa(process.execPath, [join(modules, 'vitest', 'vitest.mjs'), ...args, ...reporters], {
        cwd: dir,
        // Nothing of the Vitest process that this test runs in.
        extendEnv: false,
        env,
        all: true,
        reject: false,
        timeout: RUN_MS,
      });
      const text = attempt(() => readFileSync(report, 'utf8'));
      const results = JSON.parse(text ?? '{ "testResults": [] }') as { readonly testResults: readonly FileResult[] };
      return { exitCode: run.exitCode, output: run.all, files: results.testResults };
    },
    generations: () => eventLogs(dir),
    async [Symbol.asyncDispose]() {
      try {
        await expectNothingLeft({ runtimeDir, projectDir: dir });
      } finally {
        rmSync(base, { recursive: true });
      }
    },
  };
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
