import { builtUrl } from '../built-url.ts';
import type { Effort } from '../effort.ts';
import { start } from '../processes.ts';
import { round, type Row } from '../row.ts';
import { median, repeat, spread } from '../stats.ts';

/** What loading the client costs a worker, less what loading an empty module costs. */
export async function importCost({ generations }: Effort): Promise<Row[]> {
  const samples = await repeat(generations, async () => ({
    client: await firstImport(builtUrl('client/index')),
    empty: await firstImport('data:text/javascript,'),
  }));
  const client = samples.map((sample) => sample.client);
  const empty = samples.map((sample) => sample.empty);
  const value = round(median(client) - median(empty));
  return [
    {
      name: 'import of the client in a worker',
      value,
      unit: 'ms',
      goal: 5,
      note: `${spread(client)}; empty ${spread(empty)}`,
    },
  ];
}

async function firstImport(module: string): Promise<number> {
  const started = await start<number>('import', module);
  await started.kill();
  return started.first;
}
