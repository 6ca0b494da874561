/** When a start will be over, from how long it took before. */
import type { Graph, State } from '../coordinator/state.ts';

/** Resource → milliseconds that its start usually takes. */
export type Usual = Readonly<Record<string, number>>;

/** What a forecast looks at. */
type Looked = Pick<State, 'resources' | 'wanted'> & { readonly graph: Pick<Graph, 'resources'> };

/** Images that are wanted, and neither there nor given up. */
export function unbuilt({ resources, wanted, graph }: Looked): readonly string[] {
  return wanted.filter((name) => {
    const { state } = resources[name] ?? { state: 'declared' };
    return graph.resources[name]?.image === true && (state === 'declared' || state === 'starting');
  });
}

/**
 * Milliseconds until all that is wanted is ready, if everything takes as long as usual. What takes longer already is
 * taken to be ready any moment, and what has never been seen to take no time: it is the least that can be expected.
 */
export function forecastStart(state: Looked, usual: Usual, now: number): number {
  const left = new Map<string, number>();
  const leftOf = (name: string): number => {
    const known = left.get(name);
    if (known !== undefined) return known;
    const resource = state.resources[name] ?? { state: 'declared' };
    const needs = state.graph.resources[name]?.needs ?? [];
    const ms =
      resource.state === 'declared'
        ? Math.max(0, ...needs.map(leftOf)) + (usual[name] ?? 0)
        : resource.state === 'starting'
          ? Math.max(0, (usual[name] ?? 0) - (now - resource.since))
          : 0;
    left.set(name, ms);
    return ms;
  };
  return Math.max(0, ...state.wanted.map(leftOf));
}

/** The median of each resource over earlier starts. */
export function usualOf(earlier: readonly Usual[]): Usual {
  const names = [...new Set(earlier.flatMap((one) => Object.keys(one)))];
  return Object.fromEntries(names.map((name) => [name, lowerMedian(earlier.flatMap((one) => one[name] ?? []))]));
}

/** Of an even number, the lower of the two in the middle; of none, 0. */
export function lowerMedian(all: readonly number[]): number {
  return all.toSorted((a, b) => a - b)[Math.floor((all.length - 1) / 2)] ?? 0;
}
