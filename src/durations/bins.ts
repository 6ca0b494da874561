/** What is put into bins: something that takes a time. */
interface Weighted {
  /** Decides between equals, so that every process comes to the same bins. */
  readonly id: string;
  readonly ms: number;
}

/**
 * Distributes items over `count` bins, longest first, each into the bin that has least so far. The result depends on
 * the items alone, not on their order; the fullest bin has at most 4/3 of what the best distribution could reach.
 */
export function balanced<T extends Weighted>(items: readonly T[], count: number): readonly (readonly T[])[] {
  const bins = Array.from({ length: count }, () => ({ ms: 0, items: [] as T[] }));
  for (const item of items.toSorted((a, b) => b.ms - a.ms || compare(a.id, b.id))) {
    // Of those with equal time the one with fewer items, so that files that take no time are spread as well.
    const bin = bins.reduce((best, next) =>
      next.ms < best.ms || (next.ms === best.ms && next.items.length < best.items.length) ? next : best,
    );
    bin.ms += item.ms;
    bin.items.push(item);
  }
  return bins.map((bin) => bin.items);
}

/** By code units: the same in every locale. */
const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
