/** Images for tests and stories, made of what this machine has: nothing is pulled. */
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import lockfile from 'proper-lockfile';
import { REPOSITORY } from './copy.ts';
import { linesOf, podman, tryPodman } from './engine.ts';

/** The static one of Debian's busybox-static: an image needs nothing else to have a shell. */
export const BUSYBOX = '/bin/busybox';
/** What of it is there by name. No `wget`: the static one crashes where no name service is. */
const APPLETS = ['sh', 'cat', 'cp', 'echo', 'env', 'id', 'kill', 'ls', 'mkdir', 'rm', 'sleep', 'stat', 'touch', 'true'];
const BASE_FILE = 'FROM scratch\nCOPY rootfs /\n';
const USERS = 'root:x:0:0:root:/:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/sh\n';
const LOCK_MS = 120_000;

/**
 * An image with this process's Node as `node`, a shell and a few programs. It is made once for a machine, by whichever
 * process asks first, and stays.
 */
export function baseImage(): Promise<string> {
  return (base ??= makeBase());
}
let base: Promise<string> | undefined;

/** An image of `fixtures/containers/service`: a small server that is told by its environment how to behave. */
export function serviceImage(): Promise<string> {
  return (service ??= makeService());
}
let service: Promise<string> | undefined;

async function makeBase(): Promise<string> {
  const node = realpathSync(process.execPath);
  const files = [node, BUSYBOX, ...(await librariesOf(node)), ...(await librariesOf(BUSYBOX))];
  const facts = files.map((file) => `${file} ${statSync(file).size}`);
  const tag = `localhost/greenroom-test-base:${digestOf(process.version, BASE_FILE, USERS, ...APPLETS, ...facts)}`;
  return once(tag, (context) => {
    const root = join(context, 'rootfs');
    const copy = (from: string, to: string): void => {
      mkdirSync(dirname(join(root, to)), { recursive: true });
      copyFileSync(from, join(root, to));
    };
    copy(node, 'bin/node');
    for (const file of files.slice(1)) copy(file, file);
    for (const applet of APPLETS) symlinkSync('busybox', join(root, 'bin', applet));
    mkdirSync(join(root, 'tmp'), { mode: 0o777 });
    mkdirSync(join(root, 'etc'));
    writeFileSync(join(root, 'etc/passwd'), USERS);
    writeFileSync(join(context, 'Containerfile'), BASE_FILE);
  });
}

async function makeService(): Promise<string> {
  const folder = join(REPOSITORY, 'fixtures/containers/service');
  const from = await baseImage();
  const texts = readdirSync(folder).map((name) => `${name}\n${readFileSync(join(folder, name), 'utf8')}`);
  const tag = `localhost/greenroom-test-service:${digestOf(from, ...texts)}`;
  return once(tag, (context) => cpSync(folder, context, { recursive: true }), ['--build-arg', `BASE=${from}`]);
}

/** Builds an image under a name that says what is in it, unless that has been done. Of several processes, one does it. */
async function once(tag: string, fill: (context: string) => void, args: readonly string[] = []): Promise<string> {
  if (await isThere(tag)) return tag;
  const place = join(tmpdir(), `greenroom-test-images-${userInfo().uid}`);
  mkdirSync(place, { recursive: true, mode: 0o700 });
  const release = await lockfile.lock(place, { retries: { retries: LOCK_MS / 200, factor: 1, minTimeout: 200 } });
  const context = mkdtempSync(join(place, 'context-'));
  try {
    if (await isThere(tag)) return tag;
    fill(context);
    await podman('build', '--quiet', '--pull=never', '--tag', tag, ...args, context);
    return tag;
  } finally {
    rmSync(context, { recursive: true, force: true });
    await release();
  }
}

async function isThere(tag: string): Promise<boolean> {
  return (await tryPodman('image', 'exists', tag)).code === 0;
}

/** Absolute paths of what a program is linked with; empty for a static one, of which ldd complains. */
async function librariesOf(program: string): Promise<readonly string[]> {
  const { stdout } = await execa('ldd', [program], { reject: false, stdin: 'ignore' });
  return linesOf(stdout).flatMap((line) => /(\/\S+) \(0x/.exec(line)?.[1] ?? []);
}

function digestOf(...parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 12);
}
