import { serverPids, startCounts } from './greenroom.ts';
import { until } from './processes.ts';
import type { Stage } from './stage.ts';
import type { Outcome } from './story.ts';
import { layOutSpecs, runVitest, type VitestReport } from './vitest.ts';

/** The last of them has 12 specs, the others 15. */
export const FOUR = ['1/4', '2/4', '3/4', '4/4'] as const;

/** Which part of the specs each process gets, and whether the first one is there before the others. */
export interface Cast {
  /** Values for `--shard`; empty: one process with all specs. */
  readonly shards: readonly string[];
  readonly firstGoesAhead?: boolean;
  /** How many files of three specs there are, default 19. */
  readonly files?: number;
  /** Further variables of all processes. */
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Runs Vitest specs, by default 57 in 19 files, in one or more Vitest processes, with the given Vitest config. A spec is lost when
 * no report says that it passed.
 */
export async function runShards(
  stage: Stage,
  config: string,
  { shards, firstGoesAhead = false, files, env: more = {} }: Cast,
): Promise<Outcome> {
  const total = await layOutSpecs(stage, files);
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
    reports.reduce((all, report) => all + report[of], 0);
  return {
    total,
    lost: total - sum('numPassedTests'),
    counts: {
      ...startCounts(stage),
      reported: sum('numTotalTests'),
      'reported failed': sum('numFailedTests'),
    },
  };
}
