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
  const info = process.platform === 'linux' ? fromProc(pid) : fromPs(pid);
  return info?.state === 'Z' ? undefined : info;
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

function fromPs(pid: number): ProcessInfo | undefined {
  try {
    const line = execFileSync('ps', ['-o', 'ppid=,pgid=,state=,lstart=', '-p', String(pid)], { encoding: 'utf8' });
    const [ppid, pgrp, state, ...start] = line.trim().split(/\s+/);
    if (state === undefined) return undefined;
    return { pid, ppid: Number(ppid), pgrp: Number(pgrp), start: start.join(' '), state: state.charAt(0) };
  } catch {
    return undefined;
  }
}

/** True while the very process that was recorded lives. */
export function isAlive(recorded: { readonly pid: number; readonly start: string }): boolean {
  return processInfo(recorded.pid)?.start === recorded.start;
}

/** Live members of a process group, zombies left out. */
export function groupMembers(pgrp: number): readonly ProcessInfo[] {
  return allPids().flatMap((pid) => {
    const info = processInfo(pid);
    return info?.pgrp === pgrp ? [info] : [];
  });
}

function allPids(): readonly number[] {
  if (process.platform === 'linux') {
    return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
  }
  const out = execFileSync('ps', ['-axo', 'pid='], { encoding: 'utf8' });
  return out.trim().split(/\s+/).map(Number);
}

/** Where a recorded pid has a meaning: the boot of the machine and the pid namespace. */
export interface Place {
  readonly boot: string;
  readonly pidNamespace: string;
  readonly machine: string;
}

export function thisPlace(): Place {
  return {
    boot: firstLine('/proc/sys/kernel/random/boot_id') ?? bootTime(),
    pidNamespace: pidNamespace(),
    machine: firstLine('/etc/machine-id') ?? hostname(),
  };
}

function pidNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return 'only';
  }
}

function bootTime(): string {
  try {
    return execFileSync('sysctl', ['-n', 'kern.boottime'], { encoding: 'utf8' }).trim();
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
