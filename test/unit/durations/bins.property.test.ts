import fc from 'fast-check';
import { expect, test } from 'vitest';
import { balanced } from '../../../src/durations/bins.ts';

interface Item {
  readonly id: string;
  readonly ms: number;
}

const times = (most: number): fc.Arbitrary<Item[]> =>
  fc
    .array(fc.nat(most), { maxLength: 30 })
    .map((list) => list.map((ms, index) => ({ id: `specs/${index}.test.ts`, ms })));
const counts = fc.integer({ min: 1, max: 8 });

const sum = (items: readonly Item[]): number => items.reduce((total, { ms }) => total + ms, 0);
const fullest = (bins: readonly (readonly Item[])[]): number => Math.max(...bins.map(sum));

/** The best that any distribution can reach, by trying all of them. */
function best(items: readonly Item[], count: number): number {
  const place = (at: number, loads: readonly number[]): number => {
    const item = items[at];
    if (item === undefined) return Math.max(...loads);
    const tries = loads.map((load, bin) => place(at + 1, loads.with(bin, load + item.ms)));
    return Math.min(...tries);
  };
  return place(
    0,
    Array.from({ length: count }, () => 0),
  );
}

test('every item is in exactly one bin', () => {
  fc.assert(
    fc.property(times(10_000), counts, (items, count) => {
      const bins = balanced(items, count);
      expect(bins).toHaveLength(count);
      const ids = bins.flat().map(({ id }) => id);
      expect(ids.toSorted()).toEqual(items.map(({ id }) => id).toSorted());
    }),
  );
});

test('the order in which items come makes no difference', () => {
  // Few different times, so that many are equal.
  const shuffled = times(3).chain((items) =>
    fc.tuple(fc.constant(items), fc.shuffledSubarray(items, { minLength: items.length })),
  );
  fc.assert(
    fc.property(shuffled, counts, ([items, mixed], count) => {
      expect(balanced(mixed, count)).toEqual(balanced(items, count));
    }),
  );
});

test('the fullest bin has at most 4/3 of the least that is possible', () => {
  const few = times(100).map((items) => items.slice(0, 7));
  fc.assert(
    fc.property(few, fc.integer({ min: 1, max: 3 }), (items, count) => {
      expect(fullest(balanced(items, count)) * 3).toBeLessThanOrEqual(best(items, count) * 4);
    }),
  );
});

test('items that all take the same time are spread by number', () => {
  fc.assert(
    fc.property(fc.nat(40), fc.nat(5), counts, (length, ms, count) => {
      const items = Array.from({ length }, (_, index) => ({ id: String(index), ms }));
      const sizes = balanced(items, count).map((bin) => bin.length);
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    }),
  );
});
