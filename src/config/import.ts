import { pathToFileURL } from 'node:url';
import { loadHangs, noDefaultExport, wrongDefaultExport } from './errors.ts';
import { keepCompiled } from '../platform/compiled.ts';

/** How long importing the config may take. */
const TIMEOUT_MS = 30_000;

/**
 * The default export of a config file, as it is. Node itself strips the types of a `.ts` file.
 * @param timeout Milliseconds, default 30 000.
 * @throws GreenroomError CONFIG_LOAD_FAILED or CONFIG_INVALID
 */
export async function importConfig(file: string, timeout: number = TIMEOUT_MS): Promise<object> {
  const exports = await importWithin(file, timeout);
  if (!('default' in exports)) throw noDefaultExport(file, Object.keys(exports));
  const { default: config } = exports;
  if (typeof config !== 'object' || config === null || Array.isArray(config) || config instanceof Promise) {
    throw wrongDefaultExport(file, config);
  }
  return config;
}

/** Without the timer, a top-level await that never ends would make Node exit without a word. */
async function importWithin(file: string, ms: number): Promise<Record<string, unknown>> {
  keepCompiled(process.env);
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(loadHangs(file, ms)), ms);
  const imported = import(pathToFileURL(file).href).catch(async (error: unknown) => {
    const { importFailure } = await import('./import-failure.ts');
    throw await importFailure(file, error);
  });
  try {
    return (await Promise.race([imported, late])) as Record<string, unknown>;
  } finally {
    clearTimeout(timer);
  }
}
