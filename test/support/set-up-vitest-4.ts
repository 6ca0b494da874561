/** Global set-up of our own tests: Vitest 4 beside Vitest 5, as `fixtures/vitest-4` locks it. */
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import lockfile from 'proper-lockfile';
import { REPOSITORY } from './copy.ts';

const FIXTURE = join(REPOSITORY, 'fixtures', 'vitest-4');
const LOCK = join(FIXTURE, 'package-lock.json');
/** The lock file that was installed from: written last, and removed by `npm ci` first. */
const INSTALLED = join(FIXTURE, 'node_modules', '.installed-lock.json');
const INSTALL_MS = 180_000;

/**
 * Installs what the lock file says, unless that has been done. Of several runs at once, one does it.
 *
 * @throws Error when it cannot be installed, with what npm said.
 */
export default async function setUp(): Promise<void> {
  if (isInstalled()) return;
  const retries = { retries: INSTALL_MS / 500, factor: 1, minTimeout: 500 };
  const release = await lockfile.lock(FIXTURE, { retries, stale: 10_000 });
  try {
    if (!isInstalled()) await install();
  } finally {
    await release();
  }
}

async function install(): Promise<void> {
  const npm = await execa('npm', ['ci'], { cwd: FIXTURE, all: true, reject: false, timeout: INSTALL_MS });
  if (npm.failed) {
    const said = npm.all === '' ? npm.shortMessage : npm.all;
    throw new Error(`Vitest 4 for the tests could not be installed: \`npm ci\` in fixtures/vitest-4 failed.\n${said}`);
  }
  copyFileSync(LOCK, INSTALLED);
}

function isInstalled(): boolean {
  try {
    return readFileSync(INSTALLED, 'utf8') === readFileSync(LOCK, 'utf8');
  } catch {
    return false;
  }
}
