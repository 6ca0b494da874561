import fc from 'fast-check';
import { expect, test } from 'vitest';
import { longestFirst } from '../../../src/vitest/durations/order.ts';

interface File {
  readonly project: string;
  readonly ms?: number;
}

const order = (files: readonly File[]): File[] =>
  longestFirst(files, { ms: ({ ms }) => ms, together: (a, b) => a.project === b.project });

test('the longest files come first, and before them those of which nothing is known, as they were', () => {
  const [short, first, long, second] = [
    { project: '', ms: 1 },
    { project: '' },
    { project: '', ms: 9 },
    { project: '' },
  ];
  const ordered = order([short, first, long, second]);
  expect(ordered).toEqual([first, second, long, short]);
  expect(ordered[0]).toBe(first);
});

test('projects stay one after the other, and no file is lost', () => {
  const project = fc.constantFrom('a', 'b');
  const files = fc.array(fc.record({ project, ms: fc.nat(5) }, { requiredKeys: ['project'] }));
  fc.assert(
    fc.property(files, (list) => {
      const ordered = order(list);
      expect(ordered.map((file) => file.project)).toEqual(list.map((file) => file.project));
      expect(new Set(ordered)).toEqual(new Set(list));
    }),
  );
});
