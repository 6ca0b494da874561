import { processInfos } from '../platform/identity.ts';
import type { Dispatcher } from './dispatcher.ts';

const LONGEST_MS = 5_000;
const SHORTEST_MS = 50;

/**
 * Looks whether members are stopped. Only the kernel's word counts (state T, not t, which is a debugger's): a member
 * whose event loop is busy is alive. Asks nothing while there is no lease.
 */
export function watchForFrozen(dispatcher: Dispatcher, leaseTimeout: number): () => void {
  const every = Math.min(LONGEST_MS, Math.max(SHORTEST_MS, leaseTimeout / 5));
  const timer = setInterval(() => {
    const leases = Object.entries(dispatcher.state.leases);
    const processes = processInfos(leases.map(([, { pid }]) => pid));
    const inT = new Set(processes.filter(({ state }) => state === 'T').map(({ pid }) => pid));
    for (const [lease, member] of leases) {
      const stopped = inT.has(member.pid);
      if (stopped && member.frozenSince === undefined) dispatcher.dispatch({ kind: 'frozen', lease });
      if (!stopped && member.frozenSince !== undefined) dispatcher.dispatch({ kind: 'thawed', lease });
    }
  }, every);
  return () => clearInterval(timer);
}
