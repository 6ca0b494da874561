import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import type { Effort } from '../effort.ts';
import { round, type Row } from '../row.ts';
import { withServers } from './servers.ts';

const WORKERS = 12;
const SPECS = fileURLToPath(new URL('processes/specs.ts', import.meta.url));

/** Twelve workers script and read streams at the same time: how many specs did not get their own answer. */
export function llmCrosstalk({ leases }: Effort): Promise<Row[]> {
  const specs = Math.ceil(leases / 5);
  return withServers(async ({ port, control }) => {
    const before = performance.now();
    const workers = await Promise.all(
      Array.from({ length: WORKERS }, (_, slot) =>
        execa(process.execPath, [SPECS, `http://127.0.0.1:${port}/v1`, control, String(slot), String(specs)]),
      ),
    );
    const own = workers.reduce((sum, { stdout }) => sum + Number(stdout), 0);
    const all = WORKERS * specs;
    return [
      {
        name: `${WORKERS} workers with ${specs} scripted streams each, not their own`,
        value: round((100 * (all - own)) / all),
        unit: '%',
        goal: 0,
        note: `in ${Math.round(performance.now() - before)} ms`,
      },
    ];
  });
}
