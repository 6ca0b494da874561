import { copyFile, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { serverPids, startCounts } from './greenroom.ts';
import { ended, start, until } from './processes.ts';
import type { Stage } from './stage.ts';
import type { Outcome } from './story.ts';

const FILES = 19;
const SPECS = 3 * FILES;

/** The last of them has 12 specs, the others 15. */
export const FOUR = ['1/4', '2/4', '3/4', '4/4'] as const;

/** What Vitest's JSON report says of a run. */
interface VitestReport {
  readonly numTotalTests: number;
  readonly numPassedTests: number;
  readonly numFailedTests: number;
}

/** Which part of the specs each process gets, and whether the first one is there before the others. */
export interface Cast {
  /** Values for `--shard`; empty: one process with all specs. */
  readonly shards: readonly string[];
  readonly firstGoesAhead?: boolean;
}

/**
 * Runs 57 Vitest specs in 19 files in one or more Vitest processes, with the given Vitest config. A spec is lost when
 * no report says that it passed.
 */
export async function runShards(
  stage: Stage,
  config: string,
  { shards, firstGoesAhead = false }: Cast,
): Promise<Outcome> {
  await layOutSpecs(stage.dir);
  const env = { PORT: String(await stage.port()) };
  const run = async (shard: string | undefined, index: number): Promise<VitestReport> => {
    const file = join(stage.dir, `report-${index}.json`);
    const part = shard === undefined ? [] : [`--shard=${shard}`];
    const command = vitest(stage, 'run', '--config', config, ...part, '--reporter=json', `--outputFile=${file}`);
    await ended(start(stage, `shard ${shard ?? '1/1'}`, command, env));
    return readReport(file);
  };
  const [first, ...others] = shards;
  const running = [run(first, 0)];
  if (firstGoesAhead)
    await until('the first start of the server', () => (serverPids(stage).length > 0 ? true : undefined));
  running.push(...others.map((shard, index) => run(shard, index + 1)));
  const reports = await Promise.all(running);
  const sum = (of: keyof VitestReport): number => reports.reduce((total, report) => total + report[of], 0);
  return {
    total: SPECS,
    lost: SPECS - sum('numPassedTests'),
    counts: {
      ...startCounts(stage),
      reported: sum('numTotalTests'),
      'reported failed': sum('numFailedTests'),
    },
  };
}

function vitest(stage: Stage, ...args: readonly string[]): readonly [string, ...string[]] {
  return ['node', join(stage.dir, '../node_modules/vitest/vitest.mjs'), ...args];
}

async function layOutSpecs(dir: string): Promise<void> {
  const template = join(dir, 'orders.spec.mjs');
  for (let file = 1; file <= FILES; file += 1) await copyFile(template, join(dir, `orders-${file}.spec.mjs`));
  await rm(template);
}

async function readReport(file: string): Promise<VitestReport> {
  const nothing = { numTotalTests: 0, numPassedTests: 0, numFailedTests: 0 };
  const text = await readFile(file, 'utf8').catch(() => undefined);
  return text === undefined ? nothing : (JSON.parse(text) as VitestReport);
}
