import fc from 'fast-check';
import { expect, test } from 'vitest';
import { strikes, type Pattern } from '../../../src/gateway/fault.ts';
import { Scripts } from '../../../src/gateway/scripts.ts';

const struck = (pattern: Pattern, count: number): string =>
  Array.from({ length: count }, (_, index) => (strikes(pattern, index) ? 'x' : '.')).join('');

test('patterns', () => {
  expect(struck('always', 4)).toBe('xxxx');
  expect(struck('alternating', 6)).toBe('x.x.x.');
  expect(struck({ burst: 3, pause: 2 }, 10)).toBe('xxx..xxx..');
  expect(struck({ every: 3 }, 9)).toBe('..x..x..x');
});

test('by lot: the same seed gives the same lots, and about as many as the probability says', () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 0, max: 10 }), (seed, tenths) => {
      const pattern = { probability: tenths / 10, seed };
      const once = struck(pattern, 1_000);
      expect(struck(pattern, 1_000)).toBe(once);
      const hits = once.split('x').length - 1;
      expect(Math.abs(hits - tenths * 100)).toBeLessThan(120);
    }),
  );
});

test('a fault is for its slot alone, or for one spec of it, so often at most, until it is cleared', () => {
  const scripts = new Scripts();
  scripts.add(1, { kind: 'reset', times: 2 });
  scripts.add(1, { kind: 'hang', spec: 'a' });
  scripts.add(undefined, { kind: 'refuse' });

  expect(scripts.next({ slot: 2 })).toBeUndefined();
  expect(scripts.next({ slot: 1 })).toMatchObject({ kind: 'reset' });
  expect(scripts.next({ slot: 1, spec: 'a' })).toMatchObject({ kind: 'reset' });
  expect(scripts.next({ slot: 1 })).toBeUndefined();
  expect(scripts.next({ slot: 1, spec: 'a' })).toMatchObject({ kind: 'hang' });
  expect(scripts.next({})).toMatchObject({ kind: 'refuse' });
  scripts.clear({ slot: 1, spec: 'b' });
  expect(scripts.next({ slot: 1, spec: 'a' })).toMatchObject({ kind: 'hang' });
  scripts.clear({ slot: 1, spec: 'a' });
  expect(scripts.next({ slot: 1, spec: 'a' })).toBeUndefined();
  expect(scripts.next({})).toMatchObject({ kind: 'refuse' });
});

test('each fault counts all that it is for, also what another one has struck', () => {
  const scripts = new Scripts();
  scripts.add(1, { kind: 'status', status: 500, when: 'alternating' });
  scripts.add(1, { kind: 'status', status: 429, when: { every: 4 } });
  const kinds = Array.from({ length: 4 }, () => {
    const fault = scripts.next({ slot: 1 });
    return fault?.kind === 'status' ? fault.status : 0;
  });
  expect(kinds).toEqual([500, 0, 500, 429]);
});
