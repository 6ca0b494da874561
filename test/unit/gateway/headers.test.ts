import { expect, test } from 'vitest';
import { baggageFor, endToEnd, originOf, requestHeaders, viaIn } from '../../../src/gateway/headers.ts';

test('headers for one connection only do not pass, nor those that Connection names', () => {
  const raw = [
    'Host',
    'a',
    'Connection',
    'x-mine, close',
    'X-Mine',
    '1',
    'X-Yours',
    '2',
    'x-yours',
    '3',
    'TE',
    'trailers',
  ];
  expect(endToEnd(raw)).toEqual(['Host', 'a', 'X-Yours', '2', 'x-yours', '3']);
  expect(requestHeaders([...raw, 'Transfer-Encoding', 'chunked', 'Baggage', 'a=1'], 'b=2')).toEqual([
    'Host',
    'a',
    'X-Yours',
    '2',
    'x-yours',
    '3',
    'baggage',
    'b=2',
    'Transfer-Encoding',
    'chunked',
    'Connection',
    'close',
  ]);
});

test('baggage says whose a request is before the port does, and goes on with the exchange in it', () => {
  expect(originOf('a=1,greenroom=2.spec', 3)).toEqual({ slot: 2, spec: 'spec' });
  expect(originOf('a=1', 3)).toEqual({ slot: 3 });
  expect(originOf(undefined, undefined)).toEqual({});

  const once = baggageFor('a=1,greenroom=2.spec', { slot: 2, spec: 'spec' }, 'id-1');
  expect(once).toBe('a=1,greenroom=2.spec,greenroom-via=id-1');
  expect(baggageFor(once, { slot: 2, spec: 'spec' }, 'id-2')).toBe('a=1,greenroom=2.spec,greenroom-via=id-2');
  expect(viaIn(once)).toBe('id-1');
  expect(baggageFor(undefined, { slot: 3 }, 'id-1')).toBe('greenroom=3,greenroom-via=id-1');
  expect(baggageFor(undefined, {}, 'id-1')).toBe('greenroom-via=id-1');
  expect(viaIn('a=1')).toBeUndefined();
});
