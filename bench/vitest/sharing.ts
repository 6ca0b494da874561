import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pause } from '../../src/platform/deadline.ts';
import { vitestProject } from '../../test/support/vitest-project.ts';
import type { Effort } from '../effort.ts';
import { megabytes } from '../ps.ts';
import { round, type Row } from '../row.ts';
import { median, repeat, spread, timed } from '../stats.ts';
import { timedRun } from './timed-run.ts';

const PROCESSES = 4;
const SERVICES = 4;
const SAMPLE_MS = 50;
/** How much more work a service has to do than a unit of the cold-start graph: it is a whole application. */
const UNITS = 2;

interface Cost {
  /** Milliseconds until the last process has ended. */
  readonly wall: number;
  /** Megabytes of all services together, each at its highest. */
  readonly memory: number;
}

/** Four Vitest processes at once that need the same four services: one start for all, and a global setup in each. */
export async function sharing({ suites, startSeconds }: Effort): Promise<Row[]> {
  const samples = await repeat(suites, async () => ({
    own: await fourProcesses(startSeconds, '--config=own.config.ts'),
    shared: await fourProcesses(startSeconds, '--config=vitest.config.ts'),
  }));
  const ratio = (of: keyof Cost): number => median(samples.map(({ own, shared }) => shared[of] / own[of]));
  const high = (which: 'own' | 'shared'): number => round(median(samples.map((sample) => sample[which].memory)));
  return [
    {
      name: `wall of ${PROCESSES} Vitest processes that share, over a global setup each`,
      value: round(ratio('wall')),
      unit: '×',
      goal: 0.333,
      note: `${spread(samples.map(({ shared }) => shared.wall))}; own: ${spread(samples.map(({ own }) => own.wall))}`,
    },
    {
      name: 'memory of their services, over the same',
      // The same programs: a third digit would say how their heaps differ.
      value: Number(ratio('memory').toFixed(2)),
      unit: '×',
      goal: 0.25,
      note: `${high('shared')} of ${high('own')} MB, ${SERVICES} services`,
    },
  ];
}

async function fourProcesses(startSeconds: number, config: string): Promise<Cost> {
  const cpuMs = String(UNITS * startSeconds * 1_000);
  await using project = vitestProject({ 'sharing/cpu-ms': cpuMs }, { fixture: 'vitest-bench' });
  const servers = join(project.dir, 'sharing', 'servers');
  const over = new AbortController();
  const highest = new Map<number, number>();
  const watching = (async () => {
    while (!over.signal.aborted) {
      for (const [pid, now] of megabytes(pidsIn(servers))) highest.set(pid, Math.max(now, highest.get(pid) ?? 0));
      await pause(SAMPLE_MS);
    }
  })();
  const wall = await timed(() =>
    Promise.all(Array.from({ length: PROCESSES }, () => timedRun(project, '--root=sharing', config))),
  ).finally(() => over.abort());
  await watching;
  return { wall, memory: [...highest.values()].reduce((sum, each) => sum + each, 0) };
}

/** A list that is not there yet, or empty, is one of no process. */
function pidsIn(file: string): readonly number[] {
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').map(Number) : [];
}
