import { enableCompileCache, getCompileCacheDir } from 'node:module';
import { join } from 'node:path';
import { cacheDir, openCacheDir } from '../platform/cache-dir.ts';

/**
 * From now on Node keeps what it compiles in the user's cache: above all a config without its types, whose stripping
 * takes a tenth of a second in each process that imports it. Without a private place for it, it is done each time. An
 * environment that says where to keep it, or that it must not be kept, goes first (`NODE_COMPILE_CACHE`,
 * `NODE_DISABLE_COMPILE_CACHE`).
 */
export function keepCompiled(env: NodeJS.ProcessEnv): void {
  const dir = cacheDir(env);
  if (dir === undefined || getCompileCacheDir() !== undefined || env['NODE_DISABLE_COMPILE_CACHE'] !== undefined)
    return;
  const kept = join(dir, 'compiled');
  try {
    openCacheDir(kept);
  } catch {
    return;
  }
  enableCompileCache(kept);
}
