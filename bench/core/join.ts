import { withBareServer } from '../bare-server.ts';
import { connectWorker, join } from '../built.ts';
import type { Effort } from '../effort.ts';
import { start } from '../processes.ts';
import { withRig } from '../rig.ts';
import { round, type Row } from '../row.ts';
import { median, percentile, repeat, spread, timed } from '../stats.ts';
import { hello } from './hello.ts';

const CONFIG = `{ resources: {}, linger: 0 }`;

/** Joining an open generation, beside a bare hello on a unix socket: in one warm process, then in many cold ones. */
export async function joining({ rounds, generations, processes }: Effort): Promise<Row[]> {
  return withBareServer((path) =>
    withRig(CONFIG, async ({ plan, session }) => {
      const warm = await warmJoins(rounds, {
        bare: () => hello(path),
        worker: async () => (await connectWorker(session.file, { run: 'bench' })).close(),
        runner: async () => (await join(plan, { role: 'runner', run: 'bench' })).close(),
      });
      const cold = await repeat(Math.ceil(generations / 7), async () => ({
        bare: await together(processes, 'bare-client', path),
        worker: await together(processes, 'worker', session.file),
      }));
      const walls = cold.map((sample) => sample.worker.wall / sample.bare.wall);
      const each = cold.flatMap((sample) => sample.worker.each);
      const bare = median(warm.bare);
      return [
        {
          name: 'join, warm worker, over bare hello',
          value: round(median(warm.worker) / bare),
          unit: '×',
          goal: 1.5,
          note: `${spread(warm.worker)}; bare ${spread(warm.bare)}`,
        },
        {
          name: 'join, warm runner, over bare hello',
          value: round(median(warm.runner) / bare),
          unit: '×',
          goal: 1.5,
          note: spread(warm.runner),
        },
        {
          name: `${processes} cold processes join, over bare hello`,
          value: round(median(walls)),
          unit: '×',
          note: spread(cold.map((sample) => sample.worker.wall)),
        },
        {
          name: `${processes} cold processes join, each, p99`,
          value: round(percentile(each, 0.99)),
          unit: 'ms',
          note: `${spread(each)}; bare ${spread(cold.flatMap((sample) => sample.bare.each))}`,
        },
      ];
    }),
  );
}

type Steps<Name extends string> = Readonly<Record<Name, () => Promise<unknown>>>;

/** Times the steps in turn, so that whatever else the machine does falls on all of them alike. */
async function warmJoins<Name extends string>(rounds: number, steps: Steps<Name>): Promise<Record<Name, number[]>> {
  const samples = Object.fromEntries(Object.keys(steps).map((name) => [name, []])) as unknown as Record<Name, number[]>;
  for (let count = -warmUp(rounds); count < rounds; count += 1) {
    for (const name of Object.keys(steps) as Name[]) {
      const ms = await timed(steps[name]);
      if (count >= 0) samples[name].push(ms);
    }
  }
  return samples;
}

/** Rounds that are not counted: the first ones compile. */
function warmUp(rounds: number): number {
  return Math.ceil(rounds / 10);
}

async function together(processes: number, program: string, word: string): Promise<{ wall: number; each: number[] }> {
  const before = performance.now();
  const started = await Promise.all(Array.from({ length: processes }, () => start<{ ms: number }>(program, word)));
  const wall = performance.now() - before;
  await Promise.all(started.map((process) => process.kill()));
  return { wall, each: started.map(({ first }) => first.ms) };
}
