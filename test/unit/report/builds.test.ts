import { describe, expect, test } from 'vitest';
import type { BuildFact } from '../../../src/protocol/build.ts';
import { buildLines, buildText } from '../../../src/report/builds.ts';
import { overlapOf } from '../../../src/report/overlap.ts';

const graph = { resources: { a: { needs: [] }, b: { needs: [] }, c: { needs: ['a'] } } };

function fact(how: BuildFact['how'], from: number, to: number, cached = 0): BuildFact {
  return { how, from, to, waited: 0, steps: 4, cached, digest: 'ff', madeAt: to };
}

describe('overlap', () => {
  test('of what can be saved, how much was', () => {
    const both = (from: number): object => ({ a: { from: 0, to: 8_000 }, b: { from, to: from + 6_000 } });
    expect(overlapOf(graph, both(0) as never)).toEqual({ sum: 14_000, wall: 8_000, bound: 8_000, reached: 1 });
    expect(overlapOf(graph, both(5_000) as never)?.reached).toBe(0.5);
    expect(overlapOf(graph, both(8_000) as never)?.reached).toBe(0);
    expect(overlapOf(graph, both(20_000) as never)?.reached).toBe(0);
  });

  test('what stands on another one cannot overlap with it', () => {
    expect(overlapOf(graph, { a: { from: 0, to: 8 }, c: { from: 8, to: 10 } })).toBeUndefined();
    const three = { a: { from: 0, to: 8 }, b: { from: 0, to: 5 }, c: { from: 8, to: 10 } };
    expect(overlapOf(graph, three)).toEqual({ sum: 15, wall: 10, bound: 10, reached: 1 });
  });

  test('one build alone, and none', () => {
    expect(overlapOf(graph, { a: { from: 0, to: 8 } })).toBeUndefined();
    expect(overlapOf(graph, {})).toBeUndefined();
  });
});

describe('lines', () => {
  test('cold, warm and unchanged apart', () => {
    const builds = { a: fact('cold', 0, 8_000), b: fact('cold', 0, 6_100), c: fact('unchanged', 0, 0) };
    expect(buildLines(graph, builds)).toEqual([
      'images: built cold a 8.0s, b 6.1s · unchanged c',
      'cold builds at once: 14.1s of building in 8.0s, of which 8.0s cannot overlap: 100 % of what could be gained',
    ]);
    expect(buildLines(graph, { a: fact('warm', 0, 900, 3), b: fact('cold', 0, 900) })).toEqual([
      'images: built cold b 0.9s · built warm a 0.9s (3 of 4 steps kept)',
    ]);
  });

  test('nothing where there are no images', () => {
    expect(buildLines(graph, {})).toEqual([]);
  });

  test('one image', () => {
    expect(buildText(fact('warm', 0, 1, 3), 0)).toBe('built warm, 3 of 4 steps kept');
    expect(buildText(fact('unchanged', 0, 60_000), 3_660_000)).toBe('unchanged, built 1h00m ago');
  });
});
