/** The first line of a start: whose coordinator this is. It tells a person that sharing works. */
import type { Welcome } from '../protocol/messages.ts';
import { count, duration } from './format.ts';

/** Whether the generation was there before `start`, so that this run only joined it. */
export function joinedLater({ coordinator }: Welcome, start: number): boolean {
  return coordinator.upSince < start;
}

/** `coordinator pid 4121 (joined; started 48.0s ago, 3 leases)` or `coordinator pid 4121 (started by this run)`. */
export function headline(welcome: Welcome, start: number): string {
  const { coordinator, leases } = welcome;
  const how = joinedLater(welcome, start)
    ? `joined; started ${duration(start - coordinator.upSince)} ago, ${count(leases, 'lease')}`
    : 'started by this run';
  return `coordinator pid ${coordinator.pid} (${how})`;
}
