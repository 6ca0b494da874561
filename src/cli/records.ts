import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Exchange } from '../gateway/exchange.ts';
import { exchangeSchema } from '../gateway/schema.ts';
import { parsed } from '../protocol/ndjson.ts';

const ENDING = '.traffic.ndjson';

/** What the gateways of a generation have recorded. A line that is being written, or is damaged, is left out. */
export function recordsIn(logDir: string): readonly Exchange[] {
  return readdirSync(logDir)
    .filter((name) => name.endsWith(ENDING))
    .flatMap((name) => readFileSync(join(logDir, name), 'utf8').split('\n'))
    .flatMap((line) => {
      const checked = exchangeSchema.safeParse(parsed(line));
      return checked.success ? [checked.data] : [];
    });
}
