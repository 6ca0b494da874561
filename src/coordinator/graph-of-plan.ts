import type { Plan } from '../protocol/plan.ts';
import type { Graph } from './state.ts';

/** What the reducer needs of a plan. */
export function graphOf(plan: Plan): Graph {
  const map = <T, U>(record: Readonly<Record<string, T>>, change: (value: T) => U): Record<string, U> =>
    Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
  return {
    linger: plan.linger,
    leaseTimeout: plan.leaseTimeout,
    resources: map(plan.resources, ({ needs, slice, scope, ports, options }) => ({
      needs: Object.values(needs),
      ...(slice === undefined ? {} : { slice }),
      ...(scope === undefined ? {} : { scope }),
      ...(ports === undefined ? {} : { ports }),
      ...(options['reset'] === undefined ? {} : { resets: true }),
    })),
    gates: map(plan.gates, ({ needs, timeout, probe }) => ({
      needs: Object.values(needs),
      timeout,
      ...(probe?.probe === 'capacity' ? { room: true } : {}),
    })),
  };
}
