import fc from 'fast-check';
import { expect, test } from 'vitest';
import { durationsHash, durationsText, median } from '../../../src/durations/durations.ts';
import { recorded, typical } from '../../../src/durations/history.ts';
import { keyOf, readKey } from '../../../src/durations/key.ts';

const always = (): boolean => true;

test('a run adds to what is known, and leaves alone the files that it did not run', () => {
  const first = recorded(new Map(), new Map([['a', 100]]), always);
  const second = recorded(first, new Map([['b', 7]]), always);
  expect([...second]).toEqual([
    ['a', [100]],
    ['b', [7]],
  ]);
});

test('one slow run does not decide what a file takes, and after five runs it is forgotten', () => {
  let history = recorded(new Map(), new Map([['a', 9000]]), always);
  for (const ms of [100, 120]) history = recorded(history, new Map([['a', ms]]), always);
  expect(typical(history)).toEqual(new Map([['a', 120]]));
  for (const ms of [110, 130, 140]) history = recorded(history, new Map([['a', ms]]), always);
  expect(history.get('a')).toEqual([100, 120, 110, 130, 140]);
});

test('files that are gone are forgotten, measured or not', () => {
  const history = recorded(
    new Map([['gone', [1]]]),
    new Map([
      ['gone too', 1],
      ['a', 2],
    ]),
    (key) => key === 'a',
  );
  expect([...history]).toEqual([['a', [2]]]);
});

test('the middle of durations', () => {
  expect([median([]), median([5]), median([9, 1]), median([9, 1, 2])]).toEqual([1, 5, 5, 2]);
});

test('the committed text and the hash do not depend on the order in which files were measured', () => {
  const pairs = fc.uniqueArray(fc.tuple(fc.string(), fc.nat()), { selector: ([key]) => key });
  const shuffled = pairs.chain((list) =>
    fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
  );
  fc.assert(
    fc.property(shuffled, ([list, mixed]) => {
      expect(durationsText(new Map(mixed))).toBe(durationsText(new Map(list)));
      expect(durationsHash(new Map(mixed))).toBe(durationsHash(new Map(list)));
    }),
  );
});

test('the committed text has a file a line, in order, and ends with the end of a line', () => {
  const durations = new Map([
    ['specs/b.test.ts', 20],
    ['specs/a.test.ts', 1000],
  ]);
  expect(durationsText(durations)).toMatchInlineSnapshot(`
    "{
      "v": 1,
      "files": {
        "specs/a.test.ts": 1000,
        "specs/b.test.ts": 20
      }
    }
    "
  `);
});

test('different durations have different hashes', () => {
  const of = (ms: number): string => durationsHash(new Map([['a', ms]]));
  expect(of(1)).not.toBe(of(2));
  expect(of(1)).toMatch(/^[0-9a-f]{16}$/);
});

test('a key says project and path, whatever they are', () => {
  const names = fc.string().filter((name) => !name.includes('|'));
  const paths = fc.array(fc.stringMatching(/^[a-z]+[a-z.]*$/), { minLength: 1 }).map((parts) => parts.join('/'));
  fc.assert(
    fc.property(names, paths, (project, path) => {
      expect(readKey(keyOf(project, path))).toEqual({ project, path });
    }),
  );
  expect(keyOf('unit', 'packages/a/../b/c.test.ts')).toBe('|unit| packages/b/c.test.ts');
  expect(keyOf('', './c.test.ts')).toBe('c.test.ts');
});
