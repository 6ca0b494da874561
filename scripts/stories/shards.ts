import { serverPids, startCounts } from './greenroom.ts';
import { until } from './processes.ts';
import type { Stage } from './stage.ts';
import type { Outcome } from './story.ts';
import { layOutSpecs, runVitest, SPECS, type VitestReport } from './vitest.ts';

/** The last of them has 12 specs, the others 15. */
export const FOUR = ['1/4', '2/4', '3/4', '4/4'] as const;

/** Which part of the specs each process gets, and whether the first one is there before the others. */
export interface Cast {
  /** Values for `--shard`; empty: one process with all specs. */
  readonly shards: readonly string[];
  readonly firstGoesAhead?: boolean;
  /** Further variables of all processes. */
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Runs 57 Vitest specs in 19 files in one or more Vitest processes, with the given Vitest config. A spec is lost when
 * no report says that it passed.
 */
export async function runShards(
  stage: Stage,
  config: string,
  { shards, firstGoesAhead = false, env: more = {} }: Cast,
): Promise<Outcome> {
  await layOutSpecs(stage);
  const env = { ...more, PORT: String(await stage.port()) };
  const run = (shard: string | undefined): Promise<VitestReport> => {
    const part = shard === undefined ? [] : [`--shard=${shard}`];
    return runVitest(stage, `shard ${shard ?? '1/1'}`, ['--config', config, ...part], env);
  };
  const [first, ...others] = shards;
  const running = [run(first)];
  if (firstGoesAhead)
    await until('the first start of the server', () => (serverPids(stage).length > 0 ? true : undefined));
  running.push(...others.map(run));
  const reports = await Promise.all(running);
  const sum = (of: 'numTotalTests' | 'numPassedTests' | 'numFailedTests'): number =>
    reports.reduce((total, report) => total + report[of], 0);
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
