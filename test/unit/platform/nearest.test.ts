import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { editDistance, nearest } from '../../../src/platform/nearest.ts';

describe('nearest', () => {
  const keys = ['startTimeout', 'stopTimeout', 'needs', 'env'];

  test.each([
    ['startTimout', 'startTimeout'],
    ['STOPTIMEOUT', 'stopTimeout'],
    ['need', 'needs'],
    ['nedes', 'needs'],
    ['evn', 'env'],
  ])('%s was meant to be %s', (word, meant) => {
    expect(nearest(word, keys)).toBe(meant);
  });

  test.each(['port', 'x', ''])('nothing is near %j', (word) => {
    expect(nearest(word, keys)).toBeUndefined();
  });

  test('there is nothing near without candidates', () => {
    expect(nearest('env', [])).toBeUndefined();
  });
});

describe('editDistance', () => {
  test.each([
    ['kitten', 'sitting', 3],
    ['ab', 'ba', 1],
    ['', 'abc', 3],
  ])('from %j to %j it is %i', (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
  });

  test('is the same both ways, 0 only for equal words, and never more than the longer word', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        const distance = editDistance(a, b);
        expect(distance).toBe(editDistance(b, a));
        expect(distance === 0).toBe(a === b);
        expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length));
      }),
    );
  });
});
