/** Names in a cache: entries by their key, and what a living process is just making or removing. */
import { hash, randomBytes } from 'node:crypto';
import { processInfo, thisPlace } from '../../platform/identity.ts';

const KEY = /^[0-9a-f]{32}$/;
const TEMPORARY = /^tmp-([0-9a-f]{8})-(\d+)-([0-9a-f]{8})-[0-9a-f]{8}$/;
/** Nobody copies for a day. */
const FORGOTTEN_MS = 24 * 3_600_000;

export const isKey = (name: string): boolean => KEY.test(name);

/** A name of this process alone, from which anybody can tell later whether we still live. */
export function temporaryName(): string {
  const start = processInfo(process.pid)?.start ?? '';
  return `tmp-${place()}-${process.pid}-${short(start)}-${randomBytes(4).toString('hex')}`;
}

/** Whether a name is a temporary one of a process that has ended. `age`: milliseconds since anything was made there. */
export function isAbandoned(name: string, age: number): boolean {
  const [, where, pid, start] = TEMPORARY.exec(name) ?? [];
  if (pid === undefined) return false;
  // In another container, or before a reboot: its pid means nothing here.
  if (where !== place()) return age > FORGOTTEN_MS;
  const info = processInfo(Number(pid));
  return info === undefined || short(info.start) !== start;
}

function place(): string {
  const { boot, pidNamespace } = thisPlace();
  return short(`${boot} ${pidNamespace}`);
}

const short = (text: string): string => hash('sha256', text).slice(0, 8);
