/**
 * What Node has compiled is kept in the user's cache: a config without its types, whose stripping takes a tenth of a
 * second in each process that imports it, and the programs of Greenroom.
 */
import { enableCompileCache, getCompileCacheDir } from 'node:module';
import { join } from 'node:path';
import { cacheDir, openCacheDir } from './cache-dir.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** From now on this process keeps what it compiles, where it has a place for it. */
export function keepCompiled(env: Env): void {
  const kept = getCompileCacheDir() === undefined ? compiledDir(env) : undefined;
  if (kept !== undefined) enableCompileCache(kept);
}

/** The environment of a process that keeps what it compiles from its start on; empty where there is no place for it. */
export function compiledEnv(env: Env): Readonly<Record<string, string>> {
  const kept = compiledDir(env);
  return kept === undefined ? {} : { NODE_COMPILE_CACHE: kept };
}

/**
 * Undefined without a private place. An environment that says where to keep it, or that it must not be kept, goes first
 * (`NODE_COMPILE_CACHE`, `NODE_DISABLE_COMPILE_CACHE`).
 */
function compiledDir(env: Env): string | undefined {
  const dir = cacheDir(env);
  const { NODE_COMPILE_CACHE: chosen = '', NODE_DISABLE_COMPILE_CACHE: disabled } = env;
  if (dir === undefined || chosen !== '' || disabled !== undefined) return undefined;
  const kept = join(dir, 'compiled');
  try {
    openCacheDir(kept);
  } catch {
    return undefined;
  }
  return kept;
}
