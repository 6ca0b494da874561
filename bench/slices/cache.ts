import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runtimeDir } from '../../src/platform/paths.ts';
import { schema } from './schema.ts';

/**
 * An empty cache of templates for what is started meanwhile. What Node makes of the programs is kept besides, as after
 * any earlier run. `migrate`: files of the schema, as source text.
 */
export async function withEmptyCache<T>(use: (migrate: string) => Promise<T>): Promise<T> {
  const dir = mkdtempSync(join(tmpdir(), 'greenroom-bench-cache-'));
  process.env['XDG_CACHE_HOME'] = dir;
  process.env['NODE_COMPILE_CACHE'] = join(runtimeDir(), 'compiled');
  writeFileSync(join(dir, '1.sql'), schema());
  try {
    return await use(JSON.stringify(join(dir, '*.sql')));
  } finally {
    rmSync(dir, { recursive: true, force: true });
    delete process.env['XDG_CACHE_HOME'];
    delete process.env['NODE_COMPILE_CACHE'];
  }
}
