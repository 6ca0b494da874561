import { timeLines } from '../../report/time-lines.ts';
import { timesOf } from '../../report/times.ts';
import type { Collector } from '../collector.ts';

/** Where the time of the generation went. */
export const times: Collector = {
  name: 'times',
  async collect({ progress, plan, events, write }) {
    if (progress === undefined) throw new Error('the plan of the generation, or its events, cannot be read');
    const { graph } = progress.state;
    await write('times.txt', `${timeLines(graph, timesOf(graph, events), plan?.budgets).join('\n')}\n`);
  },
};
