/** A copy of a fixture in a directory of its own, run by Vitest processes of its own, of either major. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Event } from '../../src/coordinator/events.ts';
import { installLibrary, copyOf, eventLogs, linkPackages, REPOSITORY, write } from './copy.ts';
import { expectNothingLeft, processesOf } from './leftovers.ts';
import { startVitest, type RunResult, type Started } from './vitest-run.ts';

export type { RunResult, Started } from './vitest-run.ts';

/** The majors of Vitest that Greenroom works with, installed side by side. */
export const MAJORS = [4, 5] as const;
/** For what only our side decides: the hooks that it uses are tested on all majors. */
export const NEWEST = [5] as const;
export type Major = (typeof MAJORS)[number];

/** Where each of them is installed. */
const HOMES: Readonly<Record<Major, string>> = { 4: join(REPOSITORY, 'fixtures', 'vitest-4'), 5: REPOSITORY };

/** What runs Vitest in a project. A run that does not end by its deadline is killed. */
export interface Runner {
  /** Runs `vitest` with these arguments to its end. */
  vitest(...args: readonly string[]): Promise<RunResult>;
  /** Starts `vitest` with these arguments; what still runs when the project is disposed of is killed. */
  start(...args: readonly string[]): Started;
}

export interface VitestProject extends Runner, AsyncDisposable {
  readonly dir: string;
  readonly runtimeDir: string;
  /** The same with more in the environment. */
  with(env: Readonly<Record<string, string>>): Runner;
  /** Writes a file of the project. */
  write(path: string, text: string): void;
  /** Resolves when nothing is left of all that was started; rejects with what is. */
  nothingLeft(): Promise<void>;
  /** The event log of each generation, oldest first. */
  generations(): readonly (readonly Event[])[];
}

export interface VitestProjectOptions {
  /** Default: 5. */
  readonly major?: Major;
  /** Folder of `fixtures` that is copied; default: `vitest`. */
  readonly fixture?: string;
  /** What else the project has in its `node_modules`, such as `pg`: linked from this repository. */
  readonly packages?: readonly string[];
  /** Puts `greenroom` into the project's `node_modules`; default: the last build, with what the project has beside it. */
  readonly library?: (modules: string) => void;
}

/** @param files Written over the fixture's own: path in the project → text. */
export function vitestProject(
  files: Readonly<Record<string, string>> = {},
  { major = 5, fixture = 'vitest', packages = [], library = installLibrary }: VitestProjectOptions = {},
): VitestProject {
  const { base, dir, runtimeDir, modules, env } = copyOf(fixture, packages, files);
  linkPackages(modules, ['vitest'], HOMES[major]);
  library(modules);

  const runs: Started[] = [];
  const scope = { runtimeDir, projectDir: dir };
  const nothingLeft = (): Promise<void> => expectNothingLeft(scope);
  const runner = (more: Readonly<Record<string, string>>): Runner => {
    const start = (...args: readonly string[]): Started => {
      const report = join(base, `report-${runs.length}.json`);
      const run = startVitest({ dir, modules, report, env: { ...env, ...more }, args });
      runs.push(run);
      return run;
    };
    return { start, vitest: (...args) => start(...args).ended };
  };
  return {
    dir,
    runtimeDir,
    ...runner({}),
    with: runner,
    write: (path, text) => write(dir, path, text),
    nothingLeft,
    generations: () => eventLogs(dir),
    async [Symbol.asyncDispose]() {
      try {
        // Those that have ended are not there any more to be killed.
        for (const run of runs) run.kill('SIGKILL');
        await nothingLeft();
      } finally {
        // What a failed test has left must not stay.
        for (const { pid } of processesOf(scope)) process.kill(pid, 'SIGKILL');
        rmSync(base, { recursive: true });
      }
    },
  };
}
