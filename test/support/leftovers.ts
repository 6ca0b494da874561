/**
 * What must not be left once the last member is gone. This looks at the machine itself and uses none of Greenroom's
 * own code, so that it can disagree with it.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { connect } from 'node:net';
import { join, relative } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { leftInPodman } from './engine.ts';

/** Where a test worked, and what it knows to have been there. */
export interface Scope {
  /** `GREENROOM_RUNTIME_DIR` of the test. */
  readonly runtimeDir: string;
  /** Directory of the test's config file; its `.greenroom/` may stay. */
  readonly projectDir: string;
  /** Processes that must be gone. */
  readonly pids?: readonly number[];
  /** Ports on which nobody may listen. */
  readonly ports?: readonly number[];
  /** There were containers: podman is asked for what bears the key of a directory in the runtime directory. */
  readonly containers?: boolean;
  /** Milliseconds to wait for the end of everything, default 30 000. */
  readonly within?: number;
}

/** A process that belongs to a scope, with why we think so. */
export interface Leftover {
  readonly pid: number;
  readonly because: string;
}

/**
 * Waits until nothing is left of a scope: no process, no listening port, and in the runtime directory only the
 * generation files of stopped generations.
 *
 * @throws AssertionError that lists what is left when the deadline has passed.
 */
export async function expectNothingLeft(scope: Scope): Promise<void> {
  const deadline = Date.now() + (scope.within ?? 30_000);
  for (;;) {
    const late = Date.now() >= deadline;
    const left = late || !isQuicklySeen(scope) ? await leftovers(scope) : undefined;
    if (late) assert.deepEqual(left, [], 'left after the last member was gone');
    if (left?.length === 0) return;
    await pause(20);
  }
}

/** Whether something is left that costs nothing to see: a look at all processes costs as much as many a test. */
const isQuicklySeen = (scope: Scope): boolean => knownOf(scope).length > 0 || strayFiles(scope.runtimeDir).length > 0;

const knownOf = ({ pids = [] }: Scope): readonly number[] => pids.filter(isRunning);

async function leftovers(scope: Scope): Promise<readonly string[]> {
  const known = knownOf(scope).map((pid) => `process ${pid} (known): ${shownCommand(pid)}`);
  const found = processesOf(scope).map(({ pid, because }) => `process ${pid} (${because}): ${shownCommand(pid)}`);
  const ports = await Promise.all(
    (scope.ports ?? []).map(async (port) => ((await answers(port)) ? [`port ${port}`] : [])),
  );
  const inPodman = scope.containers === true ? await leftInPodman(keysIn(scope.runtimeDir)) : [];
  return [...known, ...found, ...ports.flat(), ...inPodman, ...strayFiles(scope.runtimeDir)];
}

/** The key of an infrastructure is the name of its directory. */
function keysIn(runtimeDir: string): readonly string[] {
  return attempt(() => readdirSync(runtimeDir)) ?? [];
}

/** Everything below the runtime directory that is neither a directory nor the tombstone of a stopped generation. */
function strayFiles(runtimeDir: string): readonly string[] {
  return list(runtimeDir).flatMap((path) => {
    const name = relative(runtimeDir, path);
    return isTombstone(path, name) ? [] : [`file ${name}`];
  });
}

function list(dir: string): readonly string[] {
  try {
    const entries = readdirSync(dir, { withFileTypes: true, recursive: true });
    return entries.filter((entry) => !entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name));
  } catch {
    return [];
  }
}

function isTombstone(path: string, name: string): boolean {
  if (!/^[^/]+\/gen-\d+\.json$/.test(name)) return false;
  const content: unknown = JSON.parse(attempt(() => readFileSync(path, 'utf8')) ?? 'null');
  return typeof content === 'object' && content !== null && 'stopped' in content;
}

/**
 * Live processes that carry one of the scope's directories in their environment, command line or working directory.
 * This process and its ancestors are left out. Linux only; elsewhere a test names its `pids`.
 */
export function processesOf(scope: Scope): readonly Leftover[] {
  if (process.platform !== 'linux') return [];
  const own = ancestors(process.pid);
  return allPids().flatMap((pid) => {
    const because = own.has(pid) ? undefined : belongs(pid, scope);
    return because === undefined || !isRunning(pid) ? [] : [{ pid, because }];
  });
}

const allPids = (): readonly number[] =>
  readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));

/** The engine's, one for all networks of the machine; it has the environment of whoever made the first of them. */
const NAME_SERVER = 'aardvark-dns';

function belongs(pid: number, { runtimeDir, projectDir }: Scope): string | undefined {
  const program = attempt(() => readlinkSync(`/proc/${pid}/exe`));
  if (program?.endsWith(NAME_SERVER) === true) return undefined;
  const carries = (text: string | undefined): boolean =>
    text !== undefined && (text.includes(runtimeDir) || text.includes(projectDir));
  if (carries(attempt(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8')))) return 'command line';
  // A thread of the kernel, as most of all are, or another user's process: there is nothing more to read.
  if (program === undefined) return undefined;
  if (carries(attempt(() => readFileSync(`/proc/${pid}/environ`, 'utf8')))) return 'environment';
  if (carries(attempt(() => readlinkSync(`/proc/${pid}/cwd`)))) return 'working directory';
  return undefined;
}

function ancestors(pid: number): ReadonlySet<number> {
  const found = new Set<number>();
  for (let at = pid; at > 0 && !found.has(at); at = Number(statusField(at, 'PPid') ?? 0)) found.add(at);
  return found;
}

/** True while a process runs; one that is dead but not yet reaped does not. */
export function isRunning(pid: number): boolean {
  if (process.platform === 'linux') return (statusField(pid, 'State') ?? 'Z').charAt(0) !== 'Z';
  return attempt(() => process.kill(pid, 0)) === true;
}

function statusField(pid: number, field: string): string | undefined {
  const status = attempt(() => readFileSync(`/proc/${pid}/status`, 'utf8'));
  return status?.match(new RegExp(`^${field}:\\s*(\\S+)`, 'm'))?.[1];
}

/** Empty when it has ended. */
function commandLine(pid: number): string {
  return (attempt(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8')) ?? '').replaceAll('\0', ' ').trim();
}

const shownCommand = (pid: number): string => commandLine(pid).slice(0, 200);

/** Commands of processes that have these words in them. */
export function processesWith(words: string): readonly string[] {
  return allPids()
    .map(commandLine)
    .filter((command) => command.includes(words));
}

/** True when somebody accepts connections on the port, on either loopback address. */
async function answers(port: number): Promise<boolean> {
  const tries = ['127.0.0.1', '::1'].map(
    (host) =>
      new Promise<boolean>((resolve) => {
        const socket = connect({ port, host, timeout: 1_000 });
        const end = (answer: boolean): void => {
          socket.destroy();
          resolve(answer);
        };
        socket.once('connect', () => end(true));
        socket.once('error', () => end(false));
        // A listener that does not even accept is a listener all the same.
        socket.once('timeout', () => end(true));
      }),
  );
  return (await Promise.all(tries)).includes(true);
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
