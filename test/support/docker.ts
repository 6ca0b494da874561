/**
 * A docker of a test file's own: its daemon, with all that it keeps in one directory that goes with it. Containers run
 * beside those of anybody else's docker, and nobody sees them.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { execa } from 'execa';
import { linesOf } from './engine.ts';
import { eventually } from './project.ts';

/** What a config on docker needs of the PATH: `podman` must not be there, it goes first. */
const PROGRAMS = ['docker', 'node', 'ps', 'redis-server', 'sh', 'sleep'];

export interface Docker {
  /** For processes of Greenroom; `DOCKER_HOST` must be in `passEnv`. */
  readonly env: Readonly<Record<'PATH' | 'DOCKER_HOST', string>>;
  /** What its command line prints. */
  run(...args: readonly string[]): Promise<string>;
  /** What of infrastructures with this key is in it: names of containers and networks. */
  left(key: string): Promise<readonly string[]>;
  stop(): Promise<void>;
}

/** Whether there is a daemon to start. Where not, that is said: tests that need it are skipped. */
export function hasDocker(): boolean {
  const there = find('dockerd') !== undefined && find('docker') !== undefined;
  if (!there) process.stderr.write('skipped: docker is not installed, and these tests run on it\n');
  return there;
}

export async function startDocker(): Promise<Docker> {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'gr-docker-')));
  const [bin, socket, log] = [join(base, 'bin'), join(base, 'socket'), join(base, 'log')];
  mkdirSync(bin);
  for (const name of PROGRAMS) symlinkSync(find(name) ?? name, join(bin, name));
  const places = { 'data-root': 'data', 'exec-root': 'exec', pidfile: 'pid' };
  const flags = Object.entries(places).flatMap(([flag, name]) => [`--${flag}`, join(base, name)]);
  // Layers as plain directories, as not every machine lets one overlay file systems; without the network of all
  // containers that have none of their own, which would be this machine's.
  const own = ['--host', `unix://${socket}`, '--storage-driver', 'vfs', '--bridge', 'none'];
  const daemon = spawn(find('dockerd') ?? 'dockerd', [...flags, ...own], {
    stdio: ['ignore', openSync(log, 'a'), openSync(log, 'a')],
  });
  const ended = new Promise<void>((resolve) => daemon.once('close', () => resolve()));
  const env = { PATH: bin, DOCKER_HOST: `unix://${socket}` };
  const run = async (...args: readonly string[]): Promise<string> =>
    (await execa('docker', args, { env, stdin: 'ignore', timeout: 60_000 })).stdout;
  await eventually(async () => {
    if (daemon.exitCode !== null) throw new Error(`dockerd has ended:\n${readFileSync(log, 'utf8')}`);
    return existsSync(socket) && (await run('info').catch(() => undefined));
  }, 'docker to answer');
  return {
    env,
    run,
    async left(key) {
      const filter = ['--filter', `label=greenroom.key=${key}`];
      const containers = await run('ps', '--all', '--format', '{{.Names}}', ...filter);
      return [...linesOf(containers), ...linesOf(await run('network', 'ls', '--format', '{{.Name}}', ...filter))];
    },
    async stop() {
      daemon.kill('SIGTERM');
      await ended;
      rmSync(base, { recursive: true, force: true });
    },
  };
}

function find(name: string): string | undefined {
  if (name === 'node') return process.execPath;
  const dirs = (process.env['PATH'] ?? '').split(delimiter);
  return [...dirs, '/usr/sbin'].map((dir) => join(dir, name)).find((file) => existsSync(file));
}
