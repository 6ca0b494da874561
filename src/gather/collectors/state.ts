import { columns } from '../../report/format.ts';
import { statusLines } from '../../report/status.ts';
import { isAlive, processInfo } from '../../platform/identity.ts';
import type { Collector, Scene } from '../collector.ts';

/** Resources, gates, waiters and slices as they were at the end of the event log. */
export const state: Collector = {
  name: 'state',
  async collect(scene) {
    const { progress, generation } = scene;
    if (progress === undefined) throw new Error('the plan of the generation, or its events, cannot be read');
    await scene.writeJson('state.json', progress.state);
    if (generation === undefined) return;
    await scene.write('status.txt', `${statusLines(generation, progress.state, Date.now()).join('\n')}\n`);
  },
};

/** Who had a lease, what became of its process, and what it waits for. */
export const members: Collector = {
  name: 'members',
  async collect(scene) {
    const leases = Object.entries(scene.progress?.state.leases ?? {});
    const rows = leases.map(([id, { role, run, pid, slot }]) => [
      id,
      role,
      run,
      String(pid),
      slot === undefined ? '' : String(slot),
      processInfo(pid)?.state ?? 'gone',
      waitsFor(scene, id),
    ]);
    const { generation } = scene;
    const coordinator = generation !== undefined && isAlive(generation) ? 'alive' : 'gone';
    const table = columns([['LEASE', 'ROLE', 'RUN', 'PID', 'SLOT', 'PROCESS', 'WAITS FOR'], ...rows]);
    await scene.write('members.txt', `${[`coordinator: ${coordinator}`, '', ...table].join('\n')}\n`);
  },
};

function waitsFor({ progress }: Scene, lease: string): string {
  const waiters = (progress?.state.waiters ?? []).filter((waiter) => waiter.lease === lease);
  return waiters
    .flatMap(({ resources, gates }) => [...resources, ...gates.map(({ name }) => `gate ${name}`)])
    .join(', ');
}
