/** Processes as people read them, with what the kernel says that they are at. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { processInfos, type ProcessInfo } from './identity.ts';
import { SHIM_NAME } from './shim.ts';

/** The kernel counts a process's time in these: a hundredth of a second everywhere that Node runs. */
const TICKS_PER_SECOND = 100;
const LONGEST_COMMAND = 400;

/** These processes, all in their process groups, and all that descend from them; without this process and its children. */
export function familyOf(roots: readonly number[]): readonly ProcessInfo[] {
  const all = processInfos();
  const byPid = new Map(all.map((info) => [info.pid, info]));
  const wanted = new Set(roots);
  const descends = ({ pid, ppid }: ProcessInfo, ancestors: ReadonlySet<number>): boolean => {
    if (ancestors.has(pid)) return true;
    const parent = ppid > 1 && ppid !== pid ? byPid.get(ppid) : undefined;
    return parent !== undefined && descends(parent, ancestors);
  };
  const own = new Set([process.pid]);
  return all.filter((info) => (wanted.has(info.pgrp) || descends(info, wanted)) && !descends(info, own));
}

/** A heading and one row for each process. */
export function processTable(processes: readonly ProcessInfo[]): readonly (readonly string[])[] {
  const details = process.platform === 'linux' ? fromProc : fromPs;
  const rows = details(processes.map(({ pid }) => pid));
  return [
    ['PID', 'PPID', 'GROUP', 'STATE', 'RSS', 'CPU', 'THREADS', 'WAITS IN', 'COMMAND'],
    ...processes.map(({ pid, ppid, pgrp, state }) => [
      ...[pid, ppid, pgrp].map(String),
      state,
      ...(rows.get(pid) ?? ['', '', '', '', '(ended meanwhile)']),
    ]),
  ];
}

type Details = ReadonlyMap<number, readonly string[]>;

function fromProc(pids: readonly number[]): Details {
  return new Map(pids.flatMap((pid) => detailsOf(pid) ?? []));
}

function detailsOf(pid: number): readonly (readonly [number, readonly string[]])[] | undefined {
  try {
    const status = read(pid, 'status');
    const stat = read(pid, 'stat');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const cpu = (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
    const command = commandText(read(pid, 'cmdline').replaceAll('\0', ' '));
    const wchan = read(pid, 'wchan');
    const rss = /^VmRSS:\s*(.*)$/m.exec(status)?.[1] ?? '';
    const threads = /^Threads:\s*(.*)$/m.exec(status)?.[1] ?? '';
    return [[pid, [rss, `${cpu.toFixed(1)}s`, threads, wchan === '0' ? '' : wchan, command]]];
  } catch {
    return undefined; // it has ended meanwhile
  }
}

/** As one line. Of a watcher, whose script is always the same, what it watches. */
function commandText(command: string): string {
  const line = command
    .slice(Math.max(0, command.indexOf(SHIM_NAME)))
    .replaceAll(/\s+/g, ' ')
    .trim();
  return line.length <= LONGEST_COMMAND ? line : `${line.slice(0, LONGEST_COMMAND)}…`;
}

function read(pid: number, file: string): string {
  return readFileSync(`/proc/${pid}/${file}`, 'utf8');
}

function fromPs(pids: readonly number[]): Details {
  try {
    const words = ['-p', pids.join(','), '-o', 'pid=,rss=,time=,command='];
    const lines = execFileSync('ps', words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    return new Map(
      lines.split('\n').flatMap((line) => {
        const [, pid, rss = '', time = '', command = ''] = /^\s*(\d+)\s+(\S+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
        return pid === undefined ? [] : [[Number(pid), [`${rss} kB`, time, '', '', commandText(command)]]];
      }),
    );
  } catch {
    return new Map(); // ps ends with 1 when it finds none
  }
}
