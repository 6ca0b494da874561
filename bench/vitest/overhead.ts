import { execa } from 'execa';
import { REPOSITORY } from '../../test/support/copy.ts';
import { vitestProject, type Runner, type VitestProject } from '../../test/support/vitest-project.ts';
import type { Effort } from '../effort.ts';
import { round, type Row } from '../row.ts';
import { median, repeat, spread } from '../stats.ts';
import { timedRun } from './timed-run.ts';

const PLAIN = '--config=plain.config.ts';
const WORKERS = [1, 4] as const;

/**
 * 57 specs in 12 files that wait for a service which is up all the time: with the plugin, and with the service's
 * address set by hand.
 */
export async function overhead({ suites, specMs }: Effort): Promise<Row[]> {
  await using project = vitestProject({}, { fixture: 'vitest-bench' });
  await greenroom(project, 'up');
  try {
    const shared = JSON.parse(await greenroom(project, 'env', '--json')) as Record<string, string>;
    const waits = { WAIT_MS: String(specMs) };
    const plain = project.with({ ...waits, API_URL: shared['API_URL'] ?? '' });
    const plugin = project.with(waits);
    const samples = await repeat(suites, () => round57(plain, plugin));
    return rowsOf(samples);
  } finally {
    await greenroom(project, 'down');
  }
}

/** Milliseconds by number of workers. */
type Times = Readonly<Record<(typeof WORKERS)[number], number>>;
interface Sample {
  readonly plain: Times;
  readonly plugin: Times;
}

/** Interleaved, so that a busy machine is busy for all of them. */
async function round57(plain: Runner, plugin: Runner): Promise<Sample> {
  const times: Record<keyof Sample, Record<number, number>> = { plain: {}, plugin: {} };
  for (const workers of WORKERS) {
    times.plain[workers] = await timedRun(plain, PLAIN, `--maxWorkers=${workers}`);
    times.plugin[workers] = await timedRun(plugin, `--maxWorkers=${workers}`);
  }
  return times as unknown as Sample;
}

function rowsOf(samples: readonly Sample[]): Row[] {
  const speedUp = (of: keyof Sample): number => median(samples.map((sample) => sample[of][1] / sample[of][4]));
  const [raw, kept] = [speedUp('plain'), speedUp('plugin')];
  return [
    ...WORKERS.map((workers): Row => ({
      name: `a warm suite, over the same with hand-set env, ${workers} worker${workers === 1 ? '' : 's'}`,
      value: round(median(samples.map(({ plain, plugin }) => plugin[workers] / plain[workers]))),
      unit: '×',
      goal: 1.03,
      note: spread(samples.map(({ plugin }) => plugin[workers])),
    })),
    {
      name: 'parallel speed-up lost, 4 workers over 1',
      value: round(Math.max(0, 1 - kept / raw) * 100),
      unit: '%',
      goal: 5,
      note: `${round(kept)} of ${round(raw)}`,
    },
  ];
}

async function greenroom(project: VitestProject, ...args: readonly string[]): Promise<string> {
  const { PATH = '', HOME = '' } = process.env;
  const env = { PATH, HOME, GREENROOM_RUNTIME_DIR: project.runtimeDir };
  const command = [`${REPOSITORY}/dist/src/cli/main.js`, ...args];
  return (await execa(process.execPath, command, { cwd: project.dir, env, extendEnv: false, timeout: 30_000 })).stdout;
}
