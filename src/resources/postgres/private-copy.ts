/** Makes binaries usable for the user the server runs as, without writing to where they are installed. */
import { constants, type Dirent, statSync, type Stats } from 'node:fs';
import { chmod, chown, copyFile, link, lstat, mkdir, readdir, readlink, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import type { ProcessSpec, ResourceContext } from '../driver.ts';
import type { Binaries } from './binaries.ts';

type User = NonNullable<ProcessSpec['user']>;

/**
 * Directory of programs that `user` can run. Usually the one they are installed in; a private copy where a directory
 * above is closed to that user (a project below /root), or where links are missing.
 */
export async function usableBinaries(
  { home, bin, missingLinks }: Binaries,
  user: User | undefined,
  ctx: ResourceContext,
): Promise<string> {
  if (missingLinks.length === 0 && (user === undefined || mayEnter(bin, user))) return bin;
  const copy = join(await ctx.tempDir(`${ctx.name}-binaries`, user), 'native');
  await copyTree(home, copy, user);
  for (const { path, target } of missingLinks) await symlink(target, join(copy, path));
  return join(copy, relative(home, bin));
}

/** Whether the user may pass each directory on the way, down to this one. */
function mayEnter(directory: string, user: User): boolean {
  if (!mayPass(statSync(directory), user)) return false;
  const parent = dirname(directory);
  return parent === directory || mayEnter(parent, user);
}

function mayPass({ mode, uid, gid }: Stats, user: User): boolean {
  if (uid === user.uid) return (mode & constants.S_IXUSR) !== 0;
  return (mode & (gid === user.gid ? constants.S_IXGRP : constants.S_IXOTH)) !== 0;
}

async function copyTree(from: string, to: string, user: User | undefined): Promise<void> {
  await mkdir(to);
  if (user !== undefined) await chown(to, user.uid, user.gid);
  const entries = await readdir(from, { withFileTypes: true });
  await Promise.all(entries.map((entry) => copyEntry(entry, join(from, entry.name), join(to, entry.name), user)));
}

async function copyEntry(entry: Dirent, from: string, to: string, user: User | undefined): Promise<void> {
  if (entry.isDirectory()) await copyTree(from, to, user);
  else if (entry.isSymbolicLink()) await symlink(await readlink(from), to);
  else await linkOrCopy(from, to);
}

/** A hard link costs no space; it needs the same file system and a file that everybody may read. */
async function linkOrCopy(from: string, to: string): Promise<void> {
  const { mode } = await lstat(from);
  if ((mode & constants.S_IROTH) !== 0) {
    try {
      await link(from, to);
      return;
    } catch (error) {
      if (!['EXDEV', 'EPERM', 'EMLINK'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    }
  }
  await copyFile(from, to);
  await chmod(to, (mode & constants.S_IXUSR) === 0 ? 0o644 : 0o755);
}
