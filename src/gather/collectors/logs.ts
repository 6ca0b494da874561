import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pause } from '../../platform/deadline.ts';
import { isAlive } from '../../platform/identity.ts';
import { CAPS, rangesOf } from '../windows.ts';
import type { Collector, Scene } from '../collector.ts';

/** Milliseconds between two looks for what is still being written. */
const LOOK_MS = 20;

/** Not of a resource, and always of interest. */
const OURS = new Set(['coordinator', 'config-host']);

/** One for each log of a generation, so that one that cannot be read stops no other. */
export function logCollectors(logDir: string): readonly Collector[] {
  const logs = namesIn(logDir).filter((name) => name.endsWith('.log'));
  const records = namesIn(logDir).filter((name) => name.endsWith('.traffic.ndjson'));
  return [...logs.map(logCollector), ...records.map(recordCollector)];
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

/** What gateways have recorded. */
function recordCollector(file: string): Collector {
  const [resource = ''] = file.split('.');
  return {
    name: `record ${file}`,
    async collect(scene) {
      if (scene.wants(resource)) await copyRecord(scene, file);
    },
  };
}

/**
 * What was seen of starts that were late, before they were torn down. The coordinator looks when they have failed, and so
 * while we are at it: what it will say is waited for.
 */
export const lateStarts: Collector = {
  name: 'late starts',
  async collect(scene) {
    const { request, events, generation, wants } = scene;
    const late = events.flatMap((event) =>
      event.kind === 'failed' && event.failure.code === 'RESOURCE_START_TIMEOUT' ? [event.resource] : [],
    );
    const records = [...new Set(late)].filter(wants).map((resource) => `${resource}.late.txt`);
    for (const record of records) {
      const isThere = (): boolean => existsSync(join(request.logDir, record));
      const mayCome = (): boolean => generation !== undefined && isAlive(generation);
      while (!isThere() && mayCome()) await pause(LOOK_MS);
      if (isThere()) await copyRecord(scene, record);
    }
  },
};

async function copyRecord({ request: { logDir }, copy }: Scene, file: string): Promise<void> {
  const source = join(logDir, file);
  const { size } = statSync(source);
  await copy(source, join('records', file), [{ from: Math.max(0, size - CAPS.whole), to: size }]);
}

function namesIn(dir: string): readonly string[] {
  return readdirSync(dir).toSorted();
}
