import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Event } from '../../src/coordinator/events.ts';
import { start, type Actor } from './processes.ts';
import { REPOSITORY, type Stage } from './stage.ts';

const CLI = join(REPOSITORY, 'dist/src/cli/main.js');

/** The command line as it is built. */
export function greenroomCommand(args: readonly string[]): readonly [string, ...string[]] {
  return ['node', CLI, ...args];
}

/** Starts a command of the built command line on the stage. */
export function greenroom(
  stage: Pick<Stage, 'dir' | 'env'>,
  name: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Actor {
  return start(stage, name, greenroomCommand(args), env);
}

/** The event logs of all generations of the stage's project. */
export function events(stage: Stage): readonly Event[] {
  const logs = globSync('.greenroom/generations/*/events.ndjson', { cwd: stage.dir });
  return logs.flatMap((log) => lines(join(stage.dir, log)).map((line) => JSON.parse(line) as Event));
}

/** The coordinator of the stage's only live generation. */
export function coordinatorPid(stage: Stage): number {
  const files = globSync('*/gen-*.json', { cwd: stage.runtimeDir });
  const generations = files.map((file) => JSON.parse(readFileSync(join(stage.runtimeDir, file), 'utf8')) as Generation);
  const [live, ...more] = generations.filter(({ stopped }) => stopped === undefined);
  if (live === undefined || more.length > 0) throw new Error(`expected one live generation, found ${files.join(' ')}`);
  return live.pid;
}

interface Generation {
  readonly pid: number;
  readonly stopped?: unknown;
}

/** How often the server was started: by its own account, and on Greenroom also by the coordinators' event logs. */
export function startCounts(stage: Stage): Readonly<Record<string, number>> {
  const logged = events(stage);
  const starts = { starts: serverPids(stage).length };
  return logged.length === 0
    ? starts
    : { ...starts, 'starts logged': logged.filter(({ kind }) => kind === 'ready').length };
}

/** Process ids of all servers ever started on the stage, by their own account: the same with and without Greenroom. */
export function serverPids(stage: Stage): readonly number[] {
  return lines(join(dirname(stage.dir), 'shared/starts.log')).map(Number);
}

function lines(file: string): readonly string[] {
  try {
    return readFileSync(file, 'utf8').split('\n').filter(Boolean);
  } catch {
    return [];
  }
}
