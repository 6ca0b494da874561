/** Configuration files that a program finds by itself, because they lie where it runs. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import type { Source } from './origin.ts';

const NAMES = /^\.env(\..+)?$|\.(ya?ml|json5?|toml|ini|conf|cfg|config|env|properties)$/i;
const FOLDERS = ['.', 'config', 'conf'];
const MOST_FILES = 100;
const LONGEST_FILE = 256 * 1024;

/**
 * Those in the directory where it runs, in `config` and `conf` there, and where its arguments point to.
 *
 * @param root what their names are relative to
 */
export async function nearFiles(root: string, cwd: string, run: readonly string[]): Promise<readonly Source[]> {
  const pointed = run.slice(1).map((word) => dirname(resolve(cwd, word.slice(word.indexOf('=') + 1))));
  const folders = [...new Set([...FOLDERS.map((folder) => resolve(cwd, folder)), ...pointed])];
  const files = (await Promise.all(folders.map(configsIn))).flat().slice(0, MOST_FILES);
  const sources = await Promise.all(files.map((file) => sourceOf(file, root)));
  return sources.filter((source) => source !== undefined);
}

async function configsIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.filter((name) => NAMES.test(name)).map((name) => join(folder, name));
}

async function sourceOf(file: string, root: string): Promise<Source | undefined> {
  try {
    const { size } = await stat(file);
    if (size > LONGEST_FILE) return undefined;
    return { name: relative(root, file), text: await readFile(file, 'utf8'), inLines: true };
  } catch {
    return undefined; // it is only where it might have stood
  }
}
