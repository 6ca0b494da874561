/** How much of the time of several builds was saved by doing them at once. Pure; times in milliseconds. */
import type { Graph } from '../coordinator/state.ts';

/** When something ran. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export interface Overlap {
  /** All of them, one after the other. */
  readonly sum: number;
  /** What they took. */
  readonly wall: number;
  /** What they must take at least: the longest chain of images that stand on each other. */
  readonly bound: number;
  /** Of what could be saved, how much was: 0 to 1. */
  readonly reached: number;
}

/** Undefined where nothing could be saved: there is one build, or each stands on the one before. */
export function overlapOf(
  { resources }: Pick<Graph, 'resources'>,
  spans: Readonly<Record<string, Span>>,
): Overlap | undefined {
  const took = (name: string): number => (spans[name] === undefined ? 0 : spans[name].to - spans[name].from);
  const chain = (name: string): number =>
    took(name) + Math.max(0, ...(resources[name]?.needs ?? []).map((needed) => chain(needed)));
  const names = Object.keys(spans);
  const sum = names.reduce((total, name) => total + took(name), 0);
  const bound = Math.max(0, ...names.map(chain));
  if (sum <= bound) return undefined;
  const wall = union(Object.values(spans));
  return { sum, wall, bound, reached: Math.min(1, Math.max(0, (sum - wall) / (sum - bound))) };
}

/** Milliseconds in which at least one of them ran. */
function union(spans: readonly Span[]): number {
  let total = 0;
  let until = -Infinity;
  for (const { from, to } of spans.toSorted((a, b) => a.from - b.from)) {
    total += Math.max(0, to - Math.max(from, until));
    until = Math.max(until, to);
  }
  return total;
}
