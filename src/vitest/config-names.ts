import { loadConfig } from '../config/load.ts';

/** Names of the resources and gates of the config for a directory. None when it is broken: that is told by the run. */
export async function configNames(cwd: string): Promise<readonly string[]> {
  try {
    const { config } = await loadConfig(cwd);
    return [...Object.keys(config.resources), ...Object.keys(config.gates)];
  } catch {
    return [];
  }
}
