import type { Collector } from '../collector.ts';

/** The config as it was in effect, with its defaults. */
export const config: Collector = {
  name: 'config',
  async collect({ plan, writeJson }) {
    if (plan === undefined) throw new Error('the plan of the generation is not recorded, or damaged');
    await writeJson('config.json', plan);
  },
};
