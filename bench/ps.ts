import { execFileSync } from 'node:child_process';

/** Columns of the process table, such as `rss=`, of those of these processes that live. */
export function ps(columns: string, pids: readonly number[]): readonly (readonly string[])[] {
  try {
    const output = execFileSync('ps', ['-o', columns, '-p', pids.join(',')], { encoding: 'utf8', stdio: 'pipe' });
    return output.split('\n').flatMap((line) => (line === '' ? [] : [line.trim().split(/\s+/)]));
  } catch {
    return []; // none of them lives
  }
}

/** Resident memory in megabytes of those of these processes that live. */
export function megabytes(pids: readonly number[]): ReadonlyMap<number, number> {
  return new Map(ps('pid=,rss=', pids).map(([pid, kilobytes]) => [Number(pid), Number(kilobytes) / 1024]));
}
