import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { SuiteOptions } from './define.ts';
import { noSuchSuite } from './errors.ts';
import type { LoadedConfig } from './load.ts';

/**
 * Absolute path of the suite module.
 * @throws GreenroomError CONFIG_INVALID when it is not there
 */
export function suiteModule({ file, root }: LoadedConfig, { module }: SuiteOptions): string {
  const path = resolve(root, module);
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) throw noSuchSuite(file, module, path);
  return path;
}
