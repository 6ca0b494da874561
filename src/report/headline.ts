/** The first line of a start: whose coordinator this is. It tells a person that sharing works. */
import type { Welcome } from '../protocol/messages.ts';
import { count, duration } from './format.ts';

/** Whether the generation was there before `start`, so that this run only joined it. */
export function joinedLater({ coordinator }: Welcome, start: number): boolean {
  return coordinator.upSince < start;
}

/** `coordinator pid 4121 (joined; started 48.0s ago, 2 other leases)` or `coordinator pid 4121 (started by this run)`. */
export function headline(welcome: Welcome, start: number): string {
  return `coordinator pid ${welcome.coordinator.pid} (${origin(welcome, start)})`;
}

/** Of several that began at once, only the first to be there has started it. */
function origin(welcome: Welcome, start: number): string {
  const { coordinator, leases } = welcome;
  if (joinedLater(welcome, start))
    return `joined; started ${duration(start - coordinator.upSince)} ago, ${others(leases - 1)}`;
  return leases === 1 ? 'started by this run' : `joined; started just now, ${others(leases - 1)}`;
}

/** Our own lease is not counted: what a person wants to know is whether they are alone. */
function others(leases: number): string {
  return leases === 0 ? 'no other lease' : count(leases, 'other lease');
}
