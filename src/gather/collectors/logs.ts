import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CAPS, rangesOf } from '../windows.ts';
import type { Collector } from '../collector.ts';

/** Not of a resource, and always of interest. */
const OURS = new Set(['coordinator', 'config-host']);

/** One for each log of a generation, so that one that cannot be read stops no other. */
export function logCollectors(logDir: string): readonly Collector[] {
  const logs = namesIn(logDir).filter((name) => name.endsWith('.log'));
  return [...logs.map(logCollector), ...namesIn(logDir).filter(isRecord).map(recordCollector)];
}

function logCollector(file: string): Collector {
  // The log of a resource of each worker's own is called after both.
  const [resource = ''] = file.split('.');
  return {
    name: `log ${file}`,
    async collect({ request: { logDir }, marks, wants, copy }) {
      if (!OURS.has(resource) && !wants(resource)) return;
      const source = join(logDir, file);
      const own = marks.filter((mark) => `${mark.resource}.log` === file);
      await copy(source, join('logs', file), rangesOf(statSync(source).size, own));
    },
  };
}

/** What gateways have recorded, and what was seen of a start that was late before it was torn down. */
function isRecord(name: string): boolean {
  return name.endsWith('.traffic.ndjson') || name.endsWith('.late.txt');
}

function recordCollector(file: string): Collector {
  const [resource = ''] = file.split('.');
  return {
    name: `record ${file}`,
    async collect({ request: { logDir }, wants, copy }) {
      if (!wants(resource)) return;
      const source = join(logDir, file);
      const { size } = statSync(source);
      await copy(source, join('records', file), [{ from: Math.max(0, size - CAPS.whole), to: size }]);
    },
  };
}

function namesIn(dir: string): readonly string[] {
  return readdirSync(dir).toSorted();
}
