import { globSync, readFileSync } from 'node:fs';
import { copyFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunSummary } from '../../src/report/run-summary.ts';
import { ended, said, start } from './processes.ts';
import { quietPort, type Stage } from './stage.ts';

const FILES = 19;
const SPECS_OF_A_FILE = 3;
export const SPECS = SPECS_OF_A_FILE * FILES;

/** What Vitest's JSON report says of a run. */
export interface VitestReport {
  readonly numTotalTests: number;
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly {
    readonly assertionResults: readonly {
      readonly title: string;
      readonly status: string;
      readonly failureMessages: readonly string[];
      readonly meta?: object;
    }[];
  }[];
}

const NOTHING: VitestReport = { numTotalTests: 0, numPassedTests: 0, numFailedTests: 0, testResults: [] };

/** Makes so many files with three specs each out of the fixture's one, and returns how many specs there are. */
export async function layOutSpecs({ dir }: Stage, files = FILES): Promise<number> {
  const template = join(dir, 'orders.spec.mjs');
  for (let file = 1; file <= files; file += 1) await copyFile(template, join(dir, `orders-${file}.spec.mjs`));
  await rm(template);
  return SPECS_OF_A_FILE * files;
}

/** Runs `vitest run` with these arguments and returns its report; an empty one when it wrote none. */
export async function runVitest(
  stage: Stage,
  name: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<VitestReport> {
  const file = join(stage.dir, `report-${name.replaceAll(/\W/g, '-')}.json`);
  const program = join(stage.dir, '../node_modules/vitest/vitest.mjs');
  const words = ['run', ...args, '--reporter=json', `--outputFile=${file}`] as const;
  await ended(start(stage, name, ['node', program, ...words], env));
  return reportIn(file);
}

/** An empty one where there is none. */
export function reportIn(file: string): VitestReport {
  return (read(file) as VitestReport | undefined) ?? NOTHING;
}

type Env = Readonly<Record<string, string>>;

/** With the stories' service up, and the environment that says where: what is done by hand without Greenroom. */
export async function onLiveServer<T>(stage: Stage, act: (env: Env) => Promise<T>): Promise<T> {
  const PORT = String(await stage.port());
  const server = start(stage, 'server', ['node', '../shared/server.mjs'], { PORT });
  await said(server, 'listening');
  try {
    return await act({ API_URL: `http://127.0.0.1:${PORT}` });
  } finally {
    server.process.kill();
    await ended(server);
  }
}

/** With the address of a service that is not there. */
export async function onNoServer<T>(act: (env: Env) => Promise<T>): Promise<T> {
  return act({ API_URL: `http://127.0.0.1:${await quietPort()}` });
}

/** What Greenroom's own reporter recorded of the stage's only run. */
export function summaryOf(stage: Stage): RunSummary {
  const [file = '', ...more] = globSync('.greenroom/runs/*/summary.json', { cwd: stage.dir });
  const summary = read(join(stage.dir, file)) as RunSummary | undefined;
  if (summary === undefined || more.length > 0) throw new Error('expected the summary of one run');
  return summary;
}

function read(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
