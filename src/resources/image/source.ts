/** The files an image is made from. */
import { hash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { readContext } from '../../containers/build/context.ts';
import { GreenroomError } from '../../protocol/failure.ts';
import type { ImagePlan } from './options.ts';

/** The names a build file has when nobody gives it another one; as the engines look for it. */
const BUILD_FILES = ['Containerfile', 'Dockerfile'];

export interface Source {
  /** Over the context and the build file. */
  readonly digest: string;
  /** The ignore file that counts. */
  readonly ignoreFile?: string;
  /** Absolute paths. */
  readonly directory: string;
  readonly file: string;
  readonly buildFile: string;
}

/**
 * Reads all of them.
 *
 * @param root directory of the config file
 * @throws GreenroomError CONFIG_INVALID when the context or the build file is not there
 */
export async function readSource(name: string, root: string, { context, file }: ImagePlan): Promise<Source> {
  const directory = resolve(root, context);
  if (
    !(await stat(directory).then(
      (found) => found.isDirectory(),
      () => false,
    ))
  ) {
    throw invalid(name, `has \`context\` ${directory}, which is not a directory`);
  }
  const candidates = (file === undefined ? BUILD_FILES : [file]).map((path) => resolve(directory, path));
  for (const path of candidates) {
    const buildFile = await readFile(path, 'utf8').catch(() => undefined);
    if (buildFile === undefined) continue;
    const { digest, ...others } = await readContext(directory);
    return { ...others, digest: hash('sha256', `${digest}\n${buildFile}`), directory, file: path, buildFile };
  }
  const missing = candidates.map((path) => relative(root, path)).join(' and no ');
  throw invalid(name, `is built from ${relative(root, directory) || '.'}, where there is no ${missing}`);
}

function invalid(name: string, what: string): GreenroomError {
  return new GreenroomError({
    code: 'CONFIG_INVALID',
    message: `${name} ${what}`,
    subject: name,
    hint: '`context` is relative to the directory of the config file, `file` to the context',
  });
}
