/** The floor: the same programs, called by hand as fast as they go, with nothing around them. */
import { execFileSync, spawn } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import getPort from 'get-port';
import { pause } from '../../src/platform/deadline.ts';
import { findBinaries } from '../../src/resources/postgres/binaries.ts';
import { ask } from './ask.ts';

/** `id` of the user the server runs as. */
const id = (flag: string): number => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
const user = process.getuid?.() === 0 ? { uid: id('-u'), gid: id('-g') } : undefined;
const FAST = [
  'fsync=off',
  'synchronous_commit=off',
  'full_page_writes=off',
  'unix_socket_directories=',
  'max_connections=300',
];
const CONNECT_EVERY_MS = 2;

/** Milliseconds to so many workers that each have a connection to a database of their own. */
export interface ByHand {
  /** By initdb, a start, a migration and a clone each. */
  readonly cold: number;
  /** By a copy of that directory, a start and a clone each. */
  readonly cached: number;
  /** By initdb, a start and a migration each. */
  readonly migrated: number;
}

export async function byHand(parent: string, sql: string, workers: number): Promise<ByHand> {
  const { bin } = findBinaries('bench', 'embedded', import.meta.dirname, {});
  const home = mkdtempSync(join(parent, 'greenroom-bench-'));
  if (user !== undefined) chownSync(home, user.uid, user.gid);
  const [first, second] = [join(home, 'first'), join(home, 'second')];
  const options = { cwd: home, stdio: 'ignore', ...user } as const;
  try {
    let begun = performance.now();
    const initdb = ['-D', first, '-U', 'postgres', '--no-sync', '--auth=trust', '--encoding=UTF8', '--locale=C'];
    execFileSync(join(bin, 'initdb'), initdb, { ...options, env: { TZ: 'UTC', LC_ALL: 'C' } });
    const server = await started(join(bin, 'postgres'), first, options);
    const empty = performance.now() - begun;
    await query(server.port, 'postgres', 'create database template');
    await query(server.port, 'template', sql);
    await each(workers, (name) => cloned(server.port, name));
    const cold = performance.now() - begun;
    await each(workers, (name) => query(server.port, 'postgres', `drop database ${name}`));
    await server.stop();

    begun = performance.now();
    execFileSync('cp', ['-a', first, second]);
    const again = await started(join(bin, 'postgres'), second, options);
    await each(workers, (name) => cloned(again.port, name));
    const cached = performance.now() - begun;

    begun = performance.now();
    await each(workers, async (name) => {
      await query(again.port, 'postgres', `create database migrated_${name}`);
      await query(again.port, `migrated_${name}`, sql);
    });
    const migrated = empty + performance.now() - begun;
    await again.stop();
    return { cold, cached, migrated };
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

function each(workers: number, act: (database: string) => Promise<void>): Promise<unknown> {
  return Promise.all(Array.from({ length: workers }, (_, index) => act(`app${index}`)));
}

async function cloned(port: number, database: string): Promise<void> {
  await query(port, 'postgres', `create database ${database} template template strategy file_copy`);
  await query(port, database, 'select 1');
}

async function started(
  program: string,
  data: string,
  options: object,
): Promise<{ readonly port: number; stop(): Promise<void> }> {
  const port = await getPort({ host: '127.0.0.1' });
  const settings = [...FAST, 'listen_addresses=127.0.0.1', `port=${port}`].flatMap((setting) => ['-c', setting]);
  const server = spawn(program, ['-D', data, ...settings], options);
  const ended = new Promise<void>((resolve) => void server.once('exit', () => resolve()));
  for (;;) {
    try {
      await query(port, 'postgres', 'select 1');
      break;
    } catch (error) {
      if (server.exitCode !== null) throw error;
      await pause(CONNECT_EVERY_MS);
    }
  }
  return {
    port,
    stop: () => {
      server.kill('SIGINT');
      return ended;
    },
  };
}

function query(port: number, database: string, text: string): Promise<void> {
  return ask(`postgres://postgres@127.0.0.1:${port}/${database}`, text);
}
