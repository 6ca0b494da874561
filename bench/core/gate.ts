import { fileURLToPath } from 'node:url';
import { pause } from '../../src/platform/deadline.ts';
import type { Effort } from '../effort.ts';
import { withRig } from '../rig.ts';
import { round, type Row } from '../row.ts';
import { percentile, repeat, spread, wallClock } from '../stats.ts';

const PROGRAM = fileURLToPath(new URL('processes/catalog.ts', import.meta.url));

/** From the moment a service's cache is synced in fact to the moment a waiting member knows it. */
export async function gateOpening({ generations }: Effort): Promise<Row[]> {
  const config = `(() => {
    const catalog = greenroom.command({ run: ${JSON.stringify([process.execPath, PROGRAM])} });
    const synced = greenroom.gate({ needs: { catalog }, probe: greenroom.http('catalog', '/', (body) => body.generation) });
    return { resources: { catalog }, gates: { synced }, linger: 0 };
  })()`;
  return withRig(config, async ({ session }) => {
    const { endpoints } = await session.wait({ resources: null });
    const url = endpoints['catalog']?.url ?? '';
    const samples = await repeat(generations * 2, async (count) => {
      const opened = session.wait({ resources: null, gates: [{ name: 'synced', atLeast: count + 1 }] }).then(wallClock);
      // The longer a gate has been closed, the more rarely it is probed.
      await pause(20 + (count % 10) * 50);
      const answer = await fetch(url, { method: 'POST' });
      const { at } = (await answer.json()) as { at: number };
      return (await opened) - at;
    });
    return [
      {
        name: 'ready in fact to gate open, p50',
        value: round(percentile(samples, 0.5)),
        unit: 'ms',
        goal: 10,
        note: spread(samples),
      },
    ];
  });
}
