import { setImmediate as tick } from 'node:timers/promises';
import { processInfo } from '../../src/platform/identity.ts';
import type { Effort } from '../effort.ts';
import { service, withRig } from '../rig.ts';
import { round, type Row } from '../row.ts';
import { median, repeat, spread } from '../stats.ts';

const CONFIG = `{ resources: { a: ${service()}, b: ${service()}, c: ${service()} }, linger: 0 }`;
const DEADLINE_MS = 10_000;

/** From SIGKILL of the coordinator to the death of the last of three services, as the kernel sees it. */
export async function coordinatorKill({ generations }: Effort): Promise<Row[]> {
  const samples = await repeat(generations, () =>
    withRig(CONFIG, async ({ session, coordinator }) => {
      const { endpoints } = await session.wait({ resources: null });
      const pids = Object.values(endpoints).map(({ pid }) => Number(pid));
      const before = performance.now();
      process.kill(coordinator, 'SIGKILL');
      while (pids.some((pid) => processInfo(pid) !== undefined)) {
        if (performance.now() - before > DEADLINE_MS)
          throw new Error(`services ${pids.join(', ')} outlived their coordinator`);
        await tick();
      }
      return performance.now() - before;
    }),
  );
  return [
    {
      name: 'SIGKILL of the coordinator to last service dead',
      value: round(median(samples)),
      unit: 'ms',
      goal: 50,
      note: spread(samples),
    },
  ];
}
