import { familyOf, processTable } from '../../platform/process-table.ts';
import { socketTable } from '../../platform/socket-table.ts';
import { columns } from '../../report/format.ts';
import type { Collector } from '../collector.ts';

/** The coordinator, what it has started, and its members with their children. */
export const processes: Collector = {
  name: 'processes',
  async collect({ pids, write }) {
    await write('processes.txt', `${columns(processTable(familyOf(pids))).join('\n')}\n`);
  },
};

/** Where these listen, and to whom they are connected. */
export const sockets: Collector = {
  name: 'sockets',
  async collect({ pids, write }) {
    const table = await socketTable(familyOf(pids).map(({ pid }) => pid));
    await write('sockets.txt', `${columns(table).join('\n')}\n`);
  },
};
