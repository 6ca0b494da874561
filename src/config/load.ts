import { findConfig } from './find.ts';
import { importConfig } from './import.ts';
import { type CheckedConfig, validate } from './schema.ts';

/** A config file that was found, imported and found to be of the right shape. */
export interface LoadedConfig {
  /** The default export with its defaults filled in; resource values are the very ones of the file. */
  readonly config: CheckedConfig;
  /** The config file, with its directory's real path. */
  readonly file: string;
  /** Real path of the directory of the config file. */
  readonly root: string;
}

/**
 * Finds and imports the config for a working directory.
 * @param explicit A config file, relative to `cwd`; without it, the nearest from `cwd` upwards.
 * @throws GreenroomError CONFIG_NOT_FOUND, CONFIG_LOAD_FAILED or CONFIG_INVALID
 */
export async function loadConfig(cwd: string, explicit?: string): Promise<LoadedConfig> {
  const { file, root } = findConfig(cwd, explicit);
  return { config: validate(await importConfig(file), file), file, root };
}
