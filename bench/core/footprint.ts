import { readFileSync } from 'node:fs';
import { pause } from '../../src/platform/deadline.ts';
import { connectWorker } from '../built.ts';
import type { Effort } from '../effort.ts';
import { megabytes, ps } from '../ps.ts';
import { service, withRig } from '../rig.ts';
import { round, type Row } from '../row.ts';

const CONFIG = `{ resources: { a: ${service()}, b: ${service()} }, linger: 0 }`;

/** What the coordinator costs: at rest with its services up, and with many leases. */
export async function footprint({ leases, idleMs }: Effort): Promise<Row[]> {
  return withRig(CONFIG, async ({ session, coordinator }) => {
    await session.wait({ resources: null });
    // What starting has left to be collected is not what it needs at rest.
    await pause(idleMs / 5);
    const before = cpuSeconds(coordinator);
    await pause(idleMs);
    const cpu = ((cpuSeconds(coordinator) - before) * 1_000) / idleMs;
    const idle = memory(coordinator);
    const members = await Promise.all(
      Array.from({ length: leases }, () => connectWorker(session.file, { run: 'bench' })),
    );
    const busy = memory(coordinator);
    for (const member of members) member.close();
    return [
      {
        name: 'idle coordinator, CPU',
        value: round(cpu * 100),
        unit: '%',
        goal: 0.1,
        note: `over ${idleMs / 1_000} s`,
      },
      { name: 'idle coordinator, memory', value: round(idle), unit: 'MB', goal: 80 },
      { name: `${leases} leases, memory over none`, value: round(busy - idle), unit: 'MB', goal: 50 },
    ];
  });
}

function memory(pid: number): number {
  return megabytes([pid]).get(pid) ?? Number.NaN;
}

/** Time on a processor so far. Linux's `ps` knows whole seconds only, so the kernel is asked there. */
function cpuSeconds(pid: number): number {
  if (process.platform === 'linux') {
    const [onCpu = ''] = readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ');
    return Number(onCpu) / 1e9;
  }
  const time = ps('time=', [pid])[0]?.[0] ?? '';
  return time.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
}
