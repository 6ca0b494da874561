import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** A process, told apart from a later one with the same pid by its start time. */
export interface ProcessInfo {
  readonly pid: number;
  readonly ppid: number;
  readonly pgrp: number;
  /** Opaque; equal only for the same process. */
  readonly start: string;
  /** One letter as in ps: R, S, D, T (stopped), Z (dead, not yet reaped). */
  readonly state: string;
}

/** What the kernel says of a process; undefined when there is none. Zombies count as gone. */
export function processInfo(pid: number): ProcessInfo | undefined {
  return processInfos([pid])[0];
}

/** Those of these processes that live; without pids, all that live. */
export function processInfos(pids?: readonly number[]): readonly ProcessInfo[] {
  if (pids?.length === 0) return [];
  const found =
    process.platform === 'linux' ? (pids ?? pidsInProc()).flatMap((pid) => fromProc(pid) ?? []) : fromPs(pids);
  return found.filter(({ state }) => state !== 'Z');
}

function pidsInProc(): readonly number[] {
  return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
}

function fromProc(pid: number): ProcessInfo | undefined {
  try {
    return parseStat(pid, readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return undefined;
  }
}

/** Parses /proc/PID/stat. The name in parentheses may hold anything, so fields count from the last one. */
function parseStat(pid: number, stat: string): ProcessInfo | undefined {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, ppid, pgrp] = fields;
  const start = fields[19];
  if (state === undefined || start === undefined) return undefined;
  return { pid, ppid: Number(ppid), pgrp: Number(pgrp), start, state };
}

/** One `ps` for all of them: it takes milliseconds. Its times must not depend on who asks, hence locale and zone. */
export function fromPs(pids?: readonly number[]): readonly ProcessInfo[] {
  const which = pids === undefined ? ['-ax'] : ['-p', pids.join(',')];
  try {
    const lines = execFileSync('ps', [...which, '-o', 'pid=,ppid=,pgid=,state=,lstart='], {
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C', TZ: 'UTC0' },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return lines.trim().split('\n').map(parsePs);
  } catch {
    return []; // ps ends with 1 when it finds none
  }
}

function parsePs(line: string): ProcessInfo {
  const [pid, ppid, pgrp, state = '', ...start] = line.trim().split(/\s+/);
  return {
    pid: Number(pid),
    ppid: Number(ppid),
    pgrp: Number(pgrp),
    start: start.join(' '),
    state: state.charAt(0),
  };
}

/** True while the very process that was recorded lives. */
export function isAlive(recorded: { readonly pid: number; readonly start: string }): boolean {
  return processInfo(recorded.pid)?.start === recorded.start;
}

/** Live members of a process group, zombies left out. */
export function groupMembers(pgrp: number): readonly ProcessInfo[] {
  return processInfos().filter((info) => info.pgrp === pgrp);
}

/** Where a recorded pid has a meaning: the boot of the machine and the pid namespace. */
export interface Place {
  readonly boot: string;
  readonly pidNamespace: string;
  readonly machine: string;
}

export function thisPlace(): Place {
  place ??= {
    boot: firstLine('/proc/sys/kernel/random/boot_id') ?? bootSession(),
    pidNamespace: pidNamespace(),
    machine: firstLine('/etc/machine-id') ?? hostname(),
  };
  return place;
}

let place: Place | undefined;

function pidNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return 'only';
  }
}

/** Not the boot time, which moves with the clock and is printed in the asker's zone. */
function bootSession(): string {
  try {
    return execFileSync('sysctl', ['-n', 'kern.bootsessionuuid'], { encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
}

function firstLine(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').split('\n', 1)[0] || undefined;
  } catch {
    return undefined;
  }
}
