/** Files that a resource reads: rendered with the endpoints of what it needs, into a directory of its own. */
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Endpoints, Json } from '../../protocol/plan.ts';
import type { ResourceContext } from '../driver.ts';
import { isFunctionRef } from '../function-ref.ts';
import type { FilesPlan } from './options.ts';

/** What its functions are told of a resource. */
export interface Self {
  /** The port it shall listen on. */
  readonly port?: number;
  /** The directory of its files, as it sees it. */
  readonly files?: string;
}

/** A rendered file; `path` within its directory. */
export interface Rendered {
  readonly path: string;
  readonly text: string;
}

const WORD = '{files}';

/** Where its files go: a directory, 0700, removed at teardown; nowhere without files. For each start once. */
export async function placeOf(files: FilesPlan | undefined, ctx: ResourceContext): Promise<Pick<Self, 'files'>> {
  return files === undefined ? {} : { files: await ctx.tempDir(`${ctx.name}-files`) };
}

/**
 * The files as text.
 *
 * @param needs as the resource sees them
 * @throws GreenroomError FUNCTION_FAILED when a function gives something else, or throws
 */
export async function render(
  files: FilesPlan | undefined,
  ctx: ResourceContext,
  needs: Endpoints,
  self: Self,
): Promise<readonly Rendered[]> {
  return Promise.all(
    Object.entries(files ?? {}).map(async ([path, content]) => {
      const made = isFunctionRef(content)
        ? await ctx.call(content, [needs as Json, self as Json], ctx.plan.startTimeout)
        : content;
      return { path, text: textOf(made, path, ctx) };
    }),
  );
}

/** Modes of what is written. */
interface Modes {
  readonly directory: number;
  readonly file: number;
}

/** For this user alone. */
const OWN: Modes = { directory: 0o700, file: 0o600 };
/** For all users of a container: what keeps others of this machine out is the directory above. */
export const MOUNTED: Modes = { directory: 0o755, file: 0o644 };

/** Writes them; what an earlier start has written is replaced. */
export async function write(directory: string, rendered: readonly Rendered[], modes: Modes = OWN): Promise<void> {
  for (const { path, text } of rendered) {
    const file = join(directory, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text, { mode: modes.file });
    // Whatever this user's umask leaves of a mode.
    for (let at = dirname(file); at.startsWith(directory); at = dirname(at)) await chmod(at, modes.directory);
    await chmod(file, modes.file);
  }
}

/** Puts the directory in place of `{files}`. */
export function withFiles(text: string, directory: string | undefined): string {
  return directory === undefined ? text : text.replaceAll(WORD, directory);
}

function textOf(made: Json, path: string, ctx: ResourceContext): string {
  if (typeof made === 'string') return made;
  if (typeof made === 'object' && made !== null && !Array.isArray(made)) return `${JSON.stringify(made, null, 2)}\n`;
  const hint = 'return a text, or an object that is written as JSON';
  throw ctx.error(
    'FUNCTION_FAILED',
    `the function of the file ${path} of ${ctx.name} returned ${JSON.stringify(made)}`,
    hint,
  );
}
