import { closure } from '../../coordinator/graph.ts';
import { sliceUnits } from '../../coordinator/slices.ts';
import type { State } from '../../coordinator/state.ts';
import { SUITE } from '../../protocol/plan.ts';
import type { Joined } from '../joined.ts';

/** Names of what the config has, each with all that it needs, directly or not. */
export type Contents = Pick<Extract<Joined, { readonly file: string }>, 'resources' | 'gates' | 'slices' | 'resets'>;

export const NOTHING: Contents = { resources: {}, gates: {}, slices: {}, resets: [] };

/** What the coordinator knows, for a worker that no main process has told. */
export function contentsOf({ graph }: Pick<State, 'graph'>): Contents {
  const names = Object.keys(graph.resources).filter((name) => name !== SUITE);
  return {
    resources: Object.fromEntries(names.map((name) => [name, closure(graph, [name])])),
    gates: Object.fromEntries(Object.entries(graph.gates).map(([name, { needs }]) => [name, closure(graph, needs)])),
    slices: sliceUnits(graph.resources),
    resets: names.filter((name) => graph.resources[name]?.resets),
  };
}

/** The resources, and all that they need. What the config does not have stands for itself. */
export function withNeeds({ resources }: Contents, names: readonly string[]): ReadonlySet<string> {
  return new Set(names.flatMap((name) => resources[name] ?? [name]));
}
