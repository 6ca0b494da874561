/**
 * Global set-up of our own tests: the member that they start by the hundred, as few files, like the programs of a build.
 * As sources and packages, it takes twice as long to load.
 */
import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'rolldown';
import { REPOSITORY } from './copy.ts';

/** Where `member.js` is, for the processes that run the tests. */
export const MEMBER_DIR = 'GREENROOM_TEST_MEMBER_DIR';

export default async function setUp(): Promise<(() => void) | undefined> {
  // Each kind of test has its own set-up, in one process.
  if (process.env[MEMBER_DIR] !== undefined) return undefined;
  // A run's own. As deep as what it imports is in the build, which finds the programs by that.
  const root = join(REPOSITORY, 'node_modules', '.cache', `member-${process.pid}`);
  const dir = join(root, 'src', 'member');
  mkdirSync(root, { recursive: true });
  symlinkSync(join(REPOSITORY, 'dist', 'workers'), join(root, 'workers'));
  await build({
    input: join(import.meta.dirname, 'member.ts'),
    platform: 'node',
    logLevel: 'silent',
    output: { dir },
  });
  process.env[MEMBER_DIR] = dir;
  return () => rmSync(root, { recursive: true, force: true });
}
