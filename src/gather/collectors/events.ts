import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Collector } from '../collector.ts';

/** Far more than a run makes. */
const LARGEST = 64 << 20;

/** The event log, of which the end counts where it is too long. */
export const events: Collector = {
  name: 'events',
  async collect({ request: { logDir }, copy }) {
    const source = join(logDir, 'events.ndjson');
    const { size } = statSync(source);
    await copy(source, 'events.ndjson', [{ from: Math.max(0, size - LARGEST), to: size }]);
  },
};
