import { tmpdir } from 'node:os';
import { tempPlaces } from '../../src/platform/memory-dirs.ts';
import { choosePlace } from '../../src/resources/place.ts';
import type { Effort } from '../effort.ts';
import { connectWorker } from '../built.ts';
import { withRig } from '../rig.ts';
import { round, type Row } from '../row.ts';
import { median, repeat, spread } from '../stats.ts';
import { ask } from './ask.ts';
import { byHand } from './by-hand.ts';
import { withEmptyCache } from './cache.ts';
import { schema } from './schema.ts';

const WORKERS = 12;

/**
 * From nothing to twelve workers that are each connected to a migrated database of their own, coordinator included,
 * over the same programs called by hand on the same disk.
 */
export async function coldStart({ generations }: Effort): Promise<Row[]> {
  const place = choosePlace('auto', tempPlaces(), { inMemory: 0, anywhere: 0 });
  const parent = 'path' in place ? place.path : tmpdir();
  const sql = schema();
  const samples = await repeat(Math.ceil(generations / 2), () =>
    withEmptyCache(async (migrate) => {
      const floor = await byHand(parent, sql, WORKERS);
      const cold = await start(migrate);
      const cached = await start(migrate);
      return { cold, cached, floor };
    }),
  );
  const row = (which: 'cold' | 'cached', name: string): Row => ({
    name: `cold start to ${WORKERS} isolated workers ${name}, over the same by hand`,
    value: round(median(samples.map((sample) => sample[which] / sample.floor[which]))),
    unit: '×',
    goal: 1.5,
    note: `${spread(samples.map((sample) => sample[which]))}; by hand: ${spread(samples.map(({ floor }) => floor[which]))}`,
  });
  const overMigrated = (which: 'cold' | 'cached', name: string): Row => ({
    name: `cold start ${name}, over a migration for each worker`,
    value: round(median(samples.map((sample) => sample[which] / sample.floor.migrated))),
    unit: '×',
    note: `migrated: ${spread(samples.map(({ floor }) => floor.migrated))}`,
  });
  return [
    row('cold', 'without cache'),
    overMigrated('cold', 'without cache'),
    row('cached', 'with a cached template'),
    overMigrated('cached', 'with a cached template'),
  ];
}

function start(migrate: string): Promise<number> {
  const config = `{
    resources: { db: (await import('greenroom/postgres')).postgres({ migrate: ${migrate}, slice: 'worker' }) },
    workers: ${WORKERS},
    linger: 0,
  }`;
  return withRig(config, async ({ session, begun }) => {
    const workers = await Promise.all(
      Array.from({ length: WORKERS }, async () => {
        const worker = await connectWorker(session.file, { run: 'bench' });
        const { endpoints } = await worker.wait({ resources: ['db'] });
        await ask(String(endpoints['db']?.['url']), 'select 1');
        return worker;
      }),
    );
    const taken = performance.now() - begun;
    for (const worker of workers) worker.close();
    return taken;
  });
}
