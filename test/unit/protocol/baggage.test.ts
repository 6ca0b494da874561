import fc from 'fast-check';
import { expect, test } from 'vitest';
import { baggage, originIn } from '../../../src/protocol/baggage.ts';

const origin = fc.oneof(
  fc.record({ slot: fc.nat(999) }),
  fc.record({ slot: fc.nat(999), spec: fc.stringMatching(/^[\w-]{1,40}$/) }),
);

test('what is put into a header is found there, beside what others have put there', () => {
  const member = fc.stringMatching(/^[a-f]{1,5}=[a-z0-9%]{0,8}(;p=1)?$/);
  fc.assert(
    fc.property(origin, origin, fc.array(member, { maxLength: 4 }), (first, second, members) => {
      const others = members.join(', ');
      const header = baggage(second, baggage(first, others));
      expect(originIn(header)).toEqual(second);
      expect(header.split(',').filter((one) => one.includes('greenroom'))).toHaveLength(1);
      for (const one of members) expect(header).toContain(one);
    }),
  );
});

test.for([
  [undefined, undefined],
  ['', undefined],
  ['tenant=7', undefined],
  ['greenroom=x.1', undefined],
  ['greenroom=1.a b', undefined],
  ['notgreenroom=1.a', undefined],
  ['tenant=7, greenroom = 3.a_1-b ;ttl=1', { slot: 3, spec: 'a_1-b' }],
  ['greenroom=12', { slot: 12 }],
] as const)('%s is of %o', ([header, expected]) => {
  expect(originIn(header)).toEqual(expected);
});
