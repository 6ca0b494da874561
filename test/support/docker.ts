/**
 * A docker of a test file's own: its daemon, with all that it keeps in one directory that goes with it. Containers run
 * beside those of anybody else's docker, and nobody sees them.
 */
import { spawn } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { execa } from 'execa';
import { findOnPath } from '../../src/platform/find-on-path.ts';
import { linesOf } from './engine.ts';
import { eventually } from './project.ts';

/** What a config on docker needs of the PATH: `podman` must not be there, it goes first. */
const PROGRAMS = ['docker', 'node', 'ps', 'redis-server', 'sh', 'sleep'];

export interface Docker {
  /** For processes of Greenroom; `DOCKER_HOST` must be in `passEnv`. */
  readonly env: Readonly<Record<'PATH' | 'DOCKER_HOST', string>>;
  /** What its command line prints. */
  run(...args: readonly string[]): Promise<string>;
  /** What of infrastructures with these keys is in it: names of containers and networks. */
  left(keys: readonly string[]): Promise<readonly string[]>;
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
  const output = openSync(log, 'a');
  const daemon = spawn(find('dockerd') ?? 'dockerd', [...flags, ...own], { stdio: ['ignore', output, output] });
  closeSync(output);
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
    async left(keys) {
      const lists = keys.flatMap((key) => {
        const filter = ['--filter', `label=greenroom.key=${key}`];
        return [
          run('ps', '--all', '--format', '{{.Names}}', ...filter),
          run('network', 'ls', '--format', '{{.Name}}', ...filter),
        ];
      });
      return (await Promise.all(lists)).flatMap(linesOf);
    },
    async stop() {
      daemon.kill('SIGTERM');
      await ended;
      rmSync(base, { recursive: true, force: true });
    },
  };
}

/** The daemon is where not every PATH leads. */
function find(name: string): string | undefined {
  return name === 'node' ? process.execPath : findOnPath(name, `${process.env['PATH'] ?? ''}${delimiter}/usr/sbin`);
}
