import type { Plan } from '../protocol/plan.ts';
import type { Graph } from './state.ts';

/** Kinds whose slices are still there when the resource was restarted: its data is, or they are servers of their own. */
const KEEPS_SLICES: ReadonlySet<string> = new Set(['postgres', 'redis']);

/** What the reducer needs of a plan. */
export function graphOf(plan: Plan): Graph {
  const map = <T, U>(record: Readonly<Record<string, T>>, change: (value: T) => U): Record<string, U> =>
    Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
  return {
    linger: plan.linger,
    leaseTimeout: plan.leaseTimeout,
    resources: map(plan.resources, ({ kind, needs, slice, scope, ports, restart, options }) => ({
      needs: Object.values(needs),
      ...(kind === 'image' ? { image: true } : {}),
      ...(slice === undefined ? {} : { slice }),
      ...(scope === undefined ? {} : { scope }),
      ...(ports === undefined ? {} : { ports }),
      ...(restart === undefined ? {} : { restart }),
      ...(KEEPS_SLICES.has(kind) || ports !== undefined ? { keepsSlices: true } : {}),
      ...(options['reset'] === undefined ? {} : { resets: true }),
    })),
    gates: map(plan.gates, ({ needs, timeout, probe }) => ({
      needs: Object.values(needs),
      timeout,
      ...(probe?.probe === 'capacity' ? { room: true } : {}),
    })),
  };
}
