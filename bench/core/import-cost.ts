import { builtUrl } from '../built-url.ts';
import type { Effort } from '../effort.ts';
import { start } from '../processes.ts';
import { round, type Row } from '../row.ts';
import { median, repeat, spread } from '../stats.ts';

/** What loading the client costs a worker, alone and as Vitest's workers have it, less what an empty module costs. */
export async function importCost({ generations }: Effort): Promise<Row[]> {
  const samples = await repeat(generations, async () => ({
    client: await firstImport(builtUrl('client/index')),
    vitest: await firstImport(builtUrl('vitest/worker/index')),
    empty: await firstImport('data:text/javascript,'),
  }));
  const empty = samples.map((sample) => sample.empty);
  const row = (name: string, times: readonly number[]): Row => {
    const value = round(median(times) - median(empty));
    return { name, value, unit: 'ms', goal: 5, note: `${spread(times)}; empty ${spread(empty)}` };
  };
  return [
    row(
      'import of the client in a worker',
      samples.map((sample) => sample.client),
    ),
    row(
      "import of a Vitest worker's side",
      samples.map((sample) => sample.vitest),
    ),
  ];
}

async function firstImport(module: string): Promise<number> {
  const started = await start<number>('import', module);
  await started.kill();
  return started.first;
}
