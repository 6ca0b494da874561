/** Says where importing a config failed, and why, as far as Node lets us know. */
import { basename } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { execa } from 'execa';
import { describeError, type GreenroomError } from '../protocol/failure.ts';
import { loadFailed } from './errors.ts';

/** Turns what `import(file)` rejected with into CONFIG_LOAD_FAILED. */
export async function importFailure(file: string, error: unknown): Promise<GreenroomError> {
  const where = (await placeOf(file, error)) ?? basename(file);
  return loadFailed(where, describeError(error).replaceAll(/^file:\/\//gm, ''), hintFor(error, where));
}

/** `path:line`: of the config file itself if it is on the stack, else of the module that threw. */
async function placeOf(file: string, error: unknown): Promise<string | undefined> {
  if (!(error instanceof Error)) return undefined;
  const stack = error.stack ?? '';
  const places = [...stack.matchAll(/(file:\/\/\/[^\s():]+):(\d+)/g)];
  const own = places.find(([, url]) => url === pathToFileURL(file).href);
  if (own) return `${basename(file)}:${own[2]}`;
  const [other] = places;
  if (other?.[1] !== undefined) return `${fileURLToPath(other[1])}:${other[2]}`;
  return error instanceof SyntaxError ? await placeOfSyntaxError(file) : undefined;
}

/** `name:line`. Node keeps it to itself in plain JavaScript, unless it is asked to check the file. */
export async function placeOfSyntaxError(file: string): Promise<string | undefined> {
  const { stderr } = await execa(process.execPath, ['--check', file], {
    reject: false,
    timeout: 5000,
    stdin: 'ignore',
  });
  const line = /:(\d+)$/m.exec(stderr.split('\n', 1)[0] ?? '')?.[1];
  return line === undefined ? undefined : `${basename(file)}:${line}`;
}

function hintFor(error: unknown, where: string): string {
  const { code, message } = error as { code?: unknown; message?: unknown };
  const missing = /Cannot find package '([^']+)'/.exec(String(message))?.[1];
  if (missing !== undefined) return `install it: \`npm install --save-dev ${missing}\``;
  switch (code) {
    case 'ERR_MODULE_NOT_FOUND':
      return 'correct the path: Node wants the name in full, with its extension';
    case 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX':
      return 'Node only strips types: write what has no enum, no namespace and no parameter property';
    case 'ERR_UNKNOWN_FILE_EXTENSION':
      return 'this Node does not strip types: use Node 22.18 or later, or a greenroom.config.mjs';
    default:
      return `correct it at ${where}`;
  }
}
