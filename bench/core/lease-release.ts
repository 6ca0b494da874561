import type { Effort } from '../effort.ts';
import { start } from '../processes.ts';
import { withRig } from '../rig.ts';
import { round, type Row } from '../row.ts';
import { percentile, repeat, spread } from '../stats.ts';

/** From SIGKILL of a worker to the news that its lease is free, as another member gets it. */
export async function leaseRelease({ generations }: Effort): Promise<Row[]> {
  return withRig(`{ resources: {}, linger: 0 }`, async ({ session }) => {
    const waiting = new Map<string, () => void>();
    await session.watch((event) => {
      const { kind, lease = '' } = event as { kind: string; lease?: string };
      if (kind === 'left') waiting.get(lease)?.();
    });
    const samples = await repeat(generations * 5, async () => {
      const worker = await start<{ lease: string }>('worker', session.file);
      const released = new Promise<void>((resolve) => waiting.set(worker.first.lease, resolve));
      const before = performance.now();
      process.kill(worker.pid, 'SIGKILL');
      await released;
      return performance.now() - before;
    });
    const note = spread(samples);
    return [
      {
        name: 'SIGKILL of a worker to lease released, p50',
        value: round(percentile(samples, 0.5)),
        unit: 'ms',
        goal: 10,
        note,
      },
      {
        name: 'SIGKILL of a worker to lease released, p99',
        value: round(percentile(samples, 0.99)),
        unit: 'ms',
        goal: 50,
        note,
      },
    ];
  });
}
