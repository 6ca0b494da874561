import { resolve } from 'node:path';
import { isFile } from '../platform/is-file.ts';
import type { SuiteOptions } from './define.ts';
import { noSuchSuite } from './errors.ts';
import type { LoadedConfig } from './load.ts';

/**
 * Absolute path of the suite module.
 * @throws GreenroomError CONFIG_INVALID when it is not there
 */
export function suiteModule({ file, root }: LoadedConfig, { module }: SuiteOptions): string {
  const path = resolve(root, module);
  if (!isFile(path)) throw noSuchSuite(file, module, path);
  return path;
}
