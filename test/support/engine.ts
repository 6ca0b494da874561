/**
 * podman as tests and stories use it, and what must not be left in it. Like `leftovers.ts` this uses none of Greenroom's
 * own code, so that it can disagree with it.
 */
import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { delimiter, join } from 'node:path';
import { execa } from 'execa';

/** Milliseconds that one command may take; a build copies a Node. */
const COMMAND_MS = 60_000;

/**
 * For a machine that was not booted by systemd, as most of CI is not: no journal for logs and events, no right to raise
 * limits, and control groups that crun does not know.
 */
const PLAIN_MACHINE = `[containers]
default_ulimits = []
log_driver = "k8s-file"
[engine]
runtime = "runc"
events_logger = "file"
`;

let toldMissing = false;

/** Whether podman can be used here. Where not, that is said once in a process: tests that need it are skipped. */
export function hasPodman(): boolean {
  const there = (process.env['PATH'] ?? '').split(delimiter).some((dir) => isExecutable(join(dir, 'podman')));
  if (!there && !toldMissing) process.stderr.write('skipped: podman is not installed, and these tests run on it\n');
  toldMissing = !there;
  return there;
}

/** What engines need of the environment: pass it to all that is started. */
export function engineEnv(): Readonly<Record<string, string>> {
  const own = ['CONTAINERS_CONF', 'HOME', 'XDG_RUNTIME_DIR'].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  const isPlain = process.platform === 'linux' && !existsSync('/run/systemd/system');
  return { ...(isPlain ? { CONTAINERS_CONF: plainMachineConf() } : {}), ...Object.fromEntries(own) };
}

/** One file for all runs of this user; it is put there in one step, because others may read it at any time. */
function plainMachineConf(): string {
  const digest = createHash('sha256').update(PLAIN_MACHINE).digest('hex').slice(0, 12);
  const file = join(tmpdir(), `greenroom-test-containers-${userInfo().uid}-${digest}.conf`);
  if (existsSync(file)) return file;
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, PLAIN_MACHINE);
  renameSync(draft, file);
  return file;
}

/** How a command of podman ended. */
export interface Answer {
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** How often podman may stumble over an image that somebody else is just removing. */
const TRIES = 10;

/** A command of podman, run to its end whatever that is. */
export async function tryPodman(...args: readonly string[]): Promise<Answer> {
  for (let tries = TRIES; ; tries -= 1) {
    const { exitCode, stdout, stderr } = await execa('podman', args, {
      env: engineEnv(),
      reject: false,
      stdin: 'ignore',
      timeout: COMMAND_MS,
    });
    if (tries === 1 || !stumbled(args, stderr)) return { code: exitCode, stdout, stderr };
  }
}

/** A list asks for nothing that could be missing, and nobody asks for a layer. */
function stumbled([what = '']: readonly string[], stderr: string): boolean {
  return stderr.includes('layer not known') || (['images', 'ps'].includes(what) && stderr.includes('not known'));
}

/** What podman prints. @throws Error with what it complained about when it fails */
export async function podman(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await tryPodman(...args);
  if (code !== 0) throw new Error(`podman ${args.join(' ')} ended with ${code}\n${stderr}`);
  return stdout;
}

/** What of infrastructures with these keys is still in podman: containers in any state, networks, volumes. */
export async function leftInPodman(keys: readonly string[]): Promise<readonly string[]> {
  const lists = keys.flatMap((key) => {
    const filter = ['--filter', `label=greenroom.key=${key}`];
    return [
      { what: 'container', args: ['ps', '--all', '--format', '{{.Names}} ({{.Status}})', ...filter] },
      { what: 'network', args: ['network', 'ls', '--format', '{{.Name}}', ...filter] },
      { what: 'volume', args: ['volume', 'ls', '--format', '{{.Name}}', ...filter] },
    ];
  });
  const found = await Promise.all(
    lists.map(async ({ what, args }) => linesOf(await podman(...args)).map((line) => `${what} ${line}`)),
  );
  return found.flat();
}

export const linesOf = (text: string): readonly string[] => text.split('\n').filter(Boolean);

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
