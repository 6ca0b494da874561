import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { filesMatching } from '../platform/glob.ts';
import { PROTOCOL_VERSION } from '../protocol/messages.ts';
import type { Json } from '../protocol/plan.ts';
import { readSource } from '../resources/image/source.ts';
import type { ImagePlan } from '../resources/image/options.ts';
import { inputsOf } from '../resources/inputs.ts';
import { noSuchInput } from './errors.ts';
import type { Contents } from './key.ts';
import type { LoadedConfig } from './load.ts';
import { withRelativeImports } from './relative-imports.ts';
import type { CheckedConfig } from './schema.ts';
import { suiteModule } from './suite-module.ts';

/**
 * Reads all that the key of a config covers.
 * @param data The JSON part of the config.
 * @throws GreenroomError CONFIG_INVALID when a glob of `inputs`, or one that a resource is made from, matches no file
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
  for (const { path: place, pattern } of inputGlobs(config)) {
    const paths = await filesMatching(pattern, root);
    if (paths.length === 0) throw noSuchInput(file, place, pattern);
    for (const path of paths) files.set(path, readFileSync(join(root, path)));
  }
  const contexts: Record<string, string> = {};
  for (const [name, { kind, options }] of Object.entries(config.resources)) {
    if (kind === 'image') contexts[name] = (await readSource(name, root, options as unknown as ImagePlan)).digest;
  }
  return {
    files,
    contexts,
    data,
    env: Object.fromEntries(config.passEnv.map((name) => [name, env[name] ?? null])),
    protocolVersion: PROTOCOL_VERSION,
  };
}

/** Globs of all that the infrastructure is made from besides modules, and where they stand in the config. */
function inputGlobs({ inputs, resources }: CheckedConfig): readonly InputGlob[] {
  return [
    ...inputs.map((pattern, index) => ({ path: ['inputs', index], pattern })),
    ...Object.entries(resources).flatMap(([name, { kind, options }]) =>
      inputsOf(kind, options).map(({ option, pattern }) => ({ path: ['resources', name, option], pattern })),
    ),
  ];
}

interface InputGlob {
  readonly path: readonly PropertyKey[];
  readonly pattern: string;
}
