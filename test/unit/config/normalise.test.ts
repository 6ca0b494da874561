import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { normalise } from '../../../src/config/normalise.ts';
import type { Problem } from '../../../src/config/problems.ts';
import { functionAt } from '../../../src/config/resolve.ts';
import type { Json } from '../../../src/protocol/plan.ts';

function normalised(value: unknown, path = ['resources', 'api']): Json {
  const problems: Problem[] = [];
  const json = normalise(value, path, problems);
  expect(problems).toEqual([]);
  return json;
}

test('functions and regular expressions become references, everything else stays', () => {
  const value = {
    run: ['node', 'api.js'],
    env: () => ({}),
    ready: { probe: 'log', pattern: /port (?<port>\d+)/i },
    checks: [{ json: (body: { ok: boolean }) => body.ok }],
    none: null,
    missing: undefined,
  };
  expect(normalised(value)).toEqual({
    run: ['node', 'api.js'],
    env: { $function: 'resources.api.env' },
    ready: { probe: 'log', pattern: { $regexp: { source: 'port (?<port>\\d+)', flags: 'i' } } },
    checks: [{ json: { $function: 'resources.api.checks.0.json' } }],
    none: null,
  });
});

test('JSON stays as it is', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(normalised(value)).toEqual(value);
    }),
  );
});

test('the same object may stand in two places', () => {
  const shared = { a: 1 };
  expect(normalised([shared, { shared }])).toEqual([{ a: 1 }, { shared: { a: 1 } }]);
});

describe('what is no plain data is a problem at its path', () => {
  const circle: Record<string, unknown> = {};
  circle['again'] = [circle];
  const cases: [string, unknown, string[], string][] = [
    ['a date', new Date(0), [], 'expected plain data, got 1970-01-01T00:00:00.000Z'],
    ['a map', new Map(), [], 'expected plain data, got Map(0) {}'],
    ['a bigint', 1n, [], 'expected plain data, got 1n'],
    ['a symbol', Symbol('x'), [], 'expected plain data, got Symbol(x)'],
    ['NaN', Number.NaN, [], 'expected plain data, got NaN'],
    ['infinity', Infinity, [], 'expected plain data, got Infinity'],
    ['a circle', circle, ['again', '0'], 'expected plain data, got an object that contains itself'],
    ['a reference', { $function: 'x' }, [], 'expected plain data without the reserved key `$function`'],
    [
      'a resource',
      { greenroom: 'resource' },
      [],
      'expected plain data, got a resource; resources go into `needs`, and a function gets their endpoints',
    ],
  ];

  test.each(cases)('%s', (_, value, deeper, text) => {
    const problems: Problem[] = [];
    normalise({ in: [value] }, ['resources', 'api'], problems);
    expect(problems).toEqual([{ path: ['resources', 'api', 'in', '0', ...deeper], text }]);
  });

  test('a list that contains itself', () => {
    const list: unknown[] = [];
    list.push(list);
    const problems: Problem[] = [];
    normalise(list, ['x'], problems);
    expect(problems).toEqual([{ path: ['x', '0'], text: 'expected plain data, got an object that contains itself' }]);
  });

  test('all of them are told', () => {
    const problems: Problem[] = [];
    normalise({ a: 1n, b: { c: new Set() } }, [], problems);
    expect(problems.map(({ path }) => path)).toEqual([['a'], ['b', 'c']]);
  });
});

describe('functionAt', () => {
  test('finds every function that a reference stands for, wherever it is and whatever the keys', () => {
    const tree = fc.letrec((tie) => ({
      node: fc.oneof(
        { maxDepth: 4 },
        fc.constant('leaf'),
        fc.func(fc.nat()),
        fc.array(tie('node')),
        fc.dictionary(fc.string(), tie('node')),
      ),
    })).node;
    fc.assert(
      fc.property(tree, (value) => {
        const config = { top: value };
        const json = normalised(config.top, ['top']);
        for (const [path, fn] of referencesIn(json, value)) expect(functionAt(config, path)).toBe(fn);
      }),
    );
  });

  test.each(['resources.api.options.env', 'env', 'resources', 'toString', 'resources.constructor'])(
    'there is none at %s',
    (path) => {
      expect(() => functionAt({ resources: { api: { options: {} } } }, path)).toThrow(
        expect.objectContaining({ code: 'CONFIG_CHANGED' }),
      );
    },
  );
});

/** Walks a value and its JSON side by side: each reference with the function it stands for. */
function referencesIn(json: Json, value: unknown): [string, unknown][] {
  if (typeof value === 'function') return [[(json as { $function: string }).$function, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    referencesIn((json as Record<string, Json>)[key] ?? null, inner),
  );
}
