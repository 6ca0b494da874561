import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LogMark } from '../../../src/coordinator/record-names.ts';
import { rangesOf, type Caps, type Range } from '../../../src/gather/windows.ts';

const CAPS: Caps = { whole: 50, head: 10, tail: 20, before: 15, failure: 40 };

function mark(kind: LogMark['kind'], bytes: number): LogMark {
  return { at: bytes, kind, resource: 'api', bytes };
}

test('a short log is kept whole, a long one without failures at both ends', () => {
  expect(rangesOf(0, [], CAPS)).toEqual([]);
  expect(rangesOf(50, [], CAPS)).toEqual([{ from: 0, to: 50 }]);
  expect(rangesOf(100, [mark('ready', 30)], CAPS)).toEqual([
    { from: 0, to: 10 },
    { from: 80, to: 100 },
  ]);
});

test('a start that failed is kept from where it began', () => {
  const marks = [mark('failed', 15), mark('cleaned', 55), mark('failed', 60), mark('ready', 70)];
  expect(rangesOf(200, marks, CAPS)).toEqual([
    // The first one up to what is allowed, the second from the end of the first's teardown to where it is ready again.
    { from: 0, to: 40 },
    { from: 55, to: 70 },
    { from: 180, to: 200 },
  ]);
});

test('a loss is kept with some of what came before it, up to where the resource is ready again', () => {
  expect(rangesOf(200, [mark('ready', 20), mark('failed', 100), mark('ready', 120)], CAPS)).toEqual([
    { from: 0, to: 10 },
    { from: 85, to: 120 },
    { from: 180, to: 200 },
  ]);
});

const logs = fc.tuple(
  fc.nat(1_000),
  fc.array(fc.tuple(fc.constantFrom('ready', 'failed', 'cleaned' as const), fc.nat(1_000))),
);

test('ranges are in order, apart, inside, hold both ends and every moment of a failure, and are no more than allowed', () => {
  fc.assert(
    fc.property(logs, ([size, raw]) => {
      const bytes = raw.map(([, at]) => Math.min(at, size)).toSorted((a, b) => a - b);
      const marks = raw.map(([kind], index) => mark(kind, bytes[index] ?? 0));
      const ranges = rangesOf(size, marks, CAPS);
      const has = (byte: number): boolean => ranges.some(({ from, to }) => from <= byte && byte < to);
      for (const [index, { from, to }] of ranges.entries()) {
        expect(from).toBeLessThan(to);
        expect(from).toBeGreaterThan(ranges[index - 1]?.to ?? -1);
        expect(to).toBeLessThanOrEqual(size);
      }
      if (size > 0) expect([has(0), has(size - 1)]).toEqual([true, true]);
      const failures = marks.filter(({ kind }) => kind === 'failed');
      // The last byte before a failure says most.
      for (const failed of failures)
        if (failed.bytes > 0) expect(has(failed.bytes - 1) || startsAt(marks, failed)).toBe(true);
      const allowed = Math.max(CAPS.whole, CAPS.head + CAPS.tail + failures.length * CAPS.failure);
      expect(ranges.reduce((sum, { from, to }: Range) => sum + to - from, 0)).toBeLessThanOrEqual(allowed);
    }),
  );
});

/** It had logged nothing since the mark before it. */
function startsAt(marks: readonly LogMark[], failed: LogMark): boolean {
  return marks[marks.indexOf(failed) - 1]?.bytes === failed.bytes;
}
