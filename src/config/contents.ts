import { readFileSync, statSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { PROTOCOL_VERSION } from '../protocol/messages.ts';
import type { Json } from '../protocol/plan.ts';
import { noSuchInput } from './errors.ts';
import type { Contents } from './key.ts';
import type { LoadedConfig } from './load.ts';
import { withRelativeImports } from './relative-imports.ts';
import { suiteModule } from './suite-module.ts';

/**
 * Reads all that the key of a config covers.
 * @param data The JSON part of the config.
 * @throws GreenroomError CONFIG_INVALID when an entry of `inputs` matches no file
 */
export async function contentsOf(loaded: LoadedConfig, data: Json, env: NodeJS.ProcessEnv): Promise<Contents> {
  const { config, file, root } = loaded;
  const files = new Map<string, Buffer>();
  for (const [path, contents] of withRelativeImports(file)) files.set(relative(root, path), contents);
  const { suite } = config;
  if (suite !== undefined) {
    const module = suiteModule(loaded, suite);
    for (const [path, contents] of withRelativeImports(module)) files.set(relative(root, path), contents);
  }
  for (const [index, pattern] of config.inputs.entries()) {
    const paths = await matches(pattern, root);
    if (paths.length === 0) throw noSuchInput(file, index, pattern);
    for (const path of paths) files.set(path, readFileSync(join(root, path)));
  }
  return {
    files,
    data,
    env: Object.fromEntries(config.passEnv.map((name) => [name, env[name] ?? null])),
    protocolVersion: PROTOCOL_VERSION,
  };
}

/** Files, not directories, that a glob matches, relative to `root`. */
async function matches(pattern: string, root: string): Promise<string[]> {
  const found: string[] = [];
  for await (const path of glob(pattern, { cwd: root })) {
    if (statSync(join(root, path), { throwIfNoEntry: false })?.isFile()) found.push(path);
  }
  return found;
}
