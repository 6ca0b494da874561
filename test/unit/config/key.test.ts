import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { configHashOf, type Contents, explicitKeyOf, keyOf, type Owner } from '../../../src/config/key.ts';
import type { Json } from '../../../src/protocol/plan.ts';

const json = fc.jsonValue().map((value) => value as Json);
const bytes = fc.uint8Array({ maxLength: 20 }).map((array) => Buffer.from(array));
const contents: fc.Arbitrary<Contents> = fc.record({
  files: fc
    .array(fc.tuple(fc.string({ minLength: 1 }), bytes), { minLength: 1, maxLength: 4 })
    .map((files) => new Map(files)),
  contexts: fc.dictionary(fc.string({ minLength: 1 }), fc.string()),
  data: json,
  env: fc.dictionary(fc.string({ minLength: 1 }), fc.option(fc.string())),
  protocolVersion: fc.nat(),
});
const owner: fc.Arbitrary<Owner> = fc.record({ root: fc.string(), uid: fc.nat(), protocolVersion: fc.nat() });

/** The same contents with every order in them turned round that must not matter. */
function turnedRound(value: Contents): Contents {
  const env = Object.fromEntries(Object.entries(value.env).toReversed());
  return { ...value, env, files: new Map([...value.files].toReversed()), data: keysTurnedRound(value.data) };
}

function keysTurnedRound(value: Json): Json {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(keysTurnedRound);
  const entries = Object.entries(value).toReversed();
  return Object.fromEntries(entries.map(([key, inner]) => [key, keysTurnedRound(inner)]));
}

test('keys have 16 hexadecimal digits', () => {
  fc.assert(
    fc.property(contents, owner, fc.string(), (what, who, explicit) => {
      const configHash = configHashOf(what);
      for (const key of [configHash, keyOf(configHash, who), explicitKeyOf(explicit, who)]) {
        expect(key).toMatch(/^[0-9a-f]{16}$/);
      }
    }),
  );
});

test('no order of keys, files or variables matters', () => {
  fc.assert(fc.property(contents, (what) => configHashOf(what) === configHashOf(turnedRound(what))));
});

test('the order in a list matters', () => {
  const base = { files: new Map(), contexts: {}, env: {}, protocolVersion: 1 };
  expect(configHashOf({ ...base, data: ['a', 'b'] })).not.toBe(configHashOf({ ...base, data: ['b', 'a'] }));
});

test('what looks alike is told apart', () => {
  const base = { files: new Map(), contexts: {}, env: {}, protocolVersion: 1 };
  const lookalikes: Json[] = [{}, [], null, '', 0, false, { a: 1 }, [['a', 1]], { a: '1' }, { 'a:1': null }];
  expect(new Set(lookalikes.map((data) => configHashOf({ ...base, data }))).size).toBe(lookalikes.length);
});

describe('each thing that is covered makes another key', () => {
  const changes: [string, fc.Arbitrary<[Contents, Contents]>][] = [
    [
      'the contents of a file',
      fc.tuple(contents, bytes).map(([what, other]) => {
        const [path = ''] = [...what.files.keys()];
        return [what, { ...what, files: new Map([...what.files, [path, other]]) }];
      }),
    ],
    [
      'one more file',
      fc
        .tuple(contents, fc.string(), bytes)
        .map(([what, path, file]) => [what, { ...what, files: new Map([...what.files, [`new ${path}`, file]]) }]),
    ],
    [
      'the name of a file',
      contents.map((what) => {
        const [[path, file] = ['', Buffer.of()], ...rest] = [...what.files];
        return [what, { ...what, files: new Map([[`${path}'`, file], ...rest]) }];
      }),
    ],
    ['the JSON part', fc.tuple(contents, json).map(([what, data]) => [what, { ...what, data }])],
    [
      'the value of a variable, or that it is set',
      fc.tuple(contents, fc.option(fc.string()), fc.option(fc.string())).map(([what, value, other]) => [
        { ...what, env: { ...what.env, NAME: value } },
        { ...what, env: { ...what.env, NAME: other } },
      ]),
    ],
    ['the protocol', contents.map((what) => [what, { ...what, protocolVersion: what.protocolVersion + 1 }])],
  ];

  test.each(changes)('%s', (_, pairs) => {
    fc.assert(
      fc.property(pairs, ([one, other]) => {
        fc.pre(!same(one, other));
        expect(configHashOf(one)).not.toBe(configHashOf(other));
      }),
    );
  });

  test.each(['root', 'uid', 'protocolVersion'] as const)('%s', (part) => {
    fc.assert(
      fc.property(owner, owner, (one, other) => {
        fc.pre(one[part] !== other[part]);
        expect(keyOf('hash', one)).not.toBe(keyOf('hash', { ...one, [part]: other[part] }));
      }),
    );
  });

  test('the contents', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), owner, (one, other, who) => {
        expect(keyOf(one, who) === keyOf(other, who)).toBe(one === other);
      }),
    );
  });
});

test('an explicit key joins across directories, but not across users, protocols or other explicit keys', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), owner, owner, (one, other, who, else_) => {
      expect(explicitKeyOf(one, who)).toBe(explicitKeyOf(one, { ...who, root: else_.root } as Owner));
      expect(explicitKeyOf(one, who) === explicitKeyOf(other, who)).toBe(one === other);
      const together = who.uid === else_.uid && who.protocolVersion === else_.protocolVersion;
      expect(explicitKeyOf(one, who) === explicitKeyOf(one, else_)).toBe(together);
    }),
  );
});

/** The oracle: equal as data, whatever the order. */
function same(one: Contents, other: Contents): boolean {
  const plain = ({ files, ...rest }: Contents) => ({
    ...rest,
    files: Object.fromEntries([...files].map(([path, file]) => [path, file.toString('hex')])),
  });
  try {
    expect(plain(one)).toStrictEqual(plain(other));
    return true;
  } catch {
    return false;
  }
}
