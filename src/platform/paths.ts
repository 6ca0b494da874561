import { accessSync, constants, existsSync, lstatSync, mkdirSync, type Stats, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cannotWrite, GreenroomError } from '../protocol/failure.ts';

/** Longest socket path in bytes. Linux takes 107 and macOS 103; Node 22 cuts longer ones off silently. */
const MAX_SOCKET_PATH = 100;

/**
 * The directory of sockets and generation files: `GREENROOM_RUNTIME_DIR`, else `greenroom` in `XDG_RUNTIME_DIR`,
 * else `greenroom-<uid>` in the temp directory. Created with mode 0700.
 *
 * @throws GreenroomError RUNTIME_DIR_UNSAFE when it is not a directory of ours alone, RUNTIME_DIR_UNWRITABLE.
 */
export function runtimeDir(): string {
  const { GREENROOM_RUNTIME_DIR: own, XDG_RUNTIME_DIR: xdg } = process.env;
  const dir = own || (xdg ? join(xdg, 'greenroom') : join(tmpdir(), `greenroom-${ourUid()}`));
  return privateDir(dir);
}

/** The directory of one key: its generation files, ledgers and sockets. */
export function keyDir(key: string): string {
  return privateDir(join(runtimeDir(), key));
}

/** Marks a key's directory as in use, so that nobody takes it for forgotten. */
export function touch(keyDirectory: string): void {
  const now = new Date();
  utimesSync(keyDirectory, now, now);
}

/** Makes or checks a directory that nobody else may enter. It is refused, never repaired: somebody may have laid it. */
export function privateDir(dir: string): string {
  const wrong = whyNotPrivate(lstatSync(dir, { throwIfNoEntry: false }) ?? made(dir));
  if (wrong !== undefined) {
    throw new GreenroomError({
      code: 'RUNTIME_DIR_UNSAFE',
      message: `the runtime directory ${dir} is not safe: ${wrong}`,
      hint: 'remove it, or set GREENROOM_RUNTIME_DIR to a directory of your own with mode 0700',
    });
  }
  try {
    accessSync(dir, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw unwritable(dir, error);
  }
  return dir;
}

/** Why something is no directory of this user alone; undefined when it is one. */
export function whyNotPrivate(stat: Stats): string | undefined {
  const uid = ourUid();
  if (!stat.isDirectory()) return 'it is not a directory';
  if (stat.uid !== uid) return `it belongs to user ${stat.uid}, not to ${uid}`;
  return (stat.mode & 0o077) === 0 ? undefined : `others may enter it (mode ${(stat.mode & 0o777).toString(8)})`;
}

/** Not `userInfo()`, which asks the user database each time. */
const ourUid = (): number => process.getuid?.() ?? -1;

function made(dir: string): Stats {
  try {
    makeDir(dir);
    return lstatSync(dir);
  } catch (error) {
    throw unwritable(dir, error);
  }
}

/** Makes a directory and its parents. Node's own recursive form loops for ever below a directory like /proc. */
export function makeDir(dir: string): void {
  try {
    mkdirSync(dir, { mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return;
    if (code !== 'ENOENT' || existsSync(dirname(dir))) throw error;
    makeDir(dirname(dir));
    makeDir(dir);
  }
}

function unwritable(dir: string, error: unknown): GreenroomError {
  const hint = 'set GREENROOM_RUNTIME_DIR to a directory of your own';
  return cannotWrite(`the runtime directory ${dir}`, error, 'RUNTIME_DIR_UNWRITABLE', hint);
}

/**
 * Checks a socket path's length, because not every version of Node does.
 *
 * @throws GreenroomError SOCKET_PATH_TOO_LONG
 */
export function checkSocketPath(
  path: string,
  hint = 'set GREENROOM_RUNTIME_DIR to a shorter directory, such as /tmp/gr',
): void {
  const bytes = Buffer.byteLength(path);
  if (bytes <= MAX_SOCKET_PATH) return;
  throw new GreenroomError({
    code: 'SOCKET_PATH_TOO_LONG',
    message: `the socket path ${path} has ${bytes} bytes; at most ${MAX_SOCKET_PATH} are possible`,
    hint,
  });
}
