/** The files of a build context, as one digest. Reads them one after the other, whatever their size. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { parseIgnore, type Ignore } from './ignore.ts';

/** Where the rules of what is left out may stand, in the context; the first that is there counts. */
const IGNORE_FILES = ['.containerignore', '.dockerignore'];

/** What Greenroom records, in the directory of a config: it changes with every start. */
const OWN = '.greenroom';

/** A build context. */
export interface Context {
  /** Over paths, kinds, permissions and contents. Not over times and owners: a build sets these itself. */
  readonly digest: string;
  /** The ignore file that counts, as an absolute path; undefined when there is none. */
  readonly ignoreFile?: string;
}

/** @throws Error when something in the context cannot be read */
export async function readContext(directory: string): Promise<Context> {
  const ignoreFile = await firstThere(IGNORE_FILES.map((name) => join(directory, name)));
  const ignore = parseIgnore(ignoreFile === undefined ? '' : await readFile(ignoreFile, 'utf8'));
  const hash = createHash('sha256');
  for await (const path of pathsIn(directory, ignore)) {
    const line = await describe(join(directory, path));
    if (line === undefined) continue;
    hash.update(`${JSON.stringify([path, ...line])}\n`);
  }
  return { digest: hash.digest('hex'), ...(ignoreFile === undefined ? {} : { ignoreFile }) };
}

/** All that the engine is given, in an order that does not depend on the file system or on the language. */
async function* pathsIn(root: string, ignore: Ignore, under = ''): AsyncGenerator<string> {
  const entries = await readdir(join(root, under), { withFileTypes: true });
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name === OWN) continue;
    const path = under === '' ? entry.name : `${under}/${entry.name}`;
    const ignored = ignore.ignores(path);
    if (!ignored) yield path;
    if (entry.isDirectory() && (!ignored || ignore.hasExceptions)) yield* pathsIn(root, ignore, path);
  }
}

/** What makes a file different from another one; undefined for what no build takes. */
async function describe(path: string): Promise<readonly (string | number)[] | undefined> {
  const stat = await lstat(path);
  const mode = stat.mode & 0o7777;
  if (stat.isSymbolicLink()) return ['link', await readlink(path)];
  if (stat.isDirectory()) return ['directory', mode];
  if (stat.isFile()) return ['file', mode, await digestOf(path)];
  return undefined;
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

async function firstThere(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) if (await lstat(path).then(Boolean, () => false)) return path;
  return undefined;
}
