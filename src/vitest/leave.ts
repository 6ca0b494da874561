import type { Session } from '../client/session.ts';
import { within } from '../platform/deadline.ts';

/** Shorter than the 10 s that Vitest has for closing altogether. */
const LEAVE_MS = 5_000;

/** The part of the coordinator's state that is read here. */
interface Leases {
  readonly leases: Readonly<Record<string, { readonly role: string; readonly run: string }>>;
}

/**
 * Waits until the workers of this run have left, then gives the main process's lease back. The last to leave decides
 * when the teardown begins, and that must not be us while a worker still cleans up.
 */
export async function leave(session: Session, run: string): Promise<void> {
  // A worker that outlasts the wait has a lease of its own; of a lost coordinator every file has told.
  const left = workersLeft(session, run).catch(() => undefined);
  await within(left, LEAVE_MS, () => undefined);
  session.close();
}

async function workersLeft(session: Session, run: string): Promise<void> {
  const left = new Set<string>();
  let check = (): void => undefined;
  const state = (await session.watch((event) => {
    const { kind, lease = '' } = event as { kind: string; lease?: string };
    if (kind === 'left') left.add(lease);
    check();
  })) as Leases;
  const workers = Object.entries(state.leases).filter(([, member]) => member.role === 'worker' && member.run === run);
  await new Promise<void>((resolve) => {
    check = () => {
      if (workers.every(([lease]) => left.has(lease))) resolve();
    };
    check();
  });
}
