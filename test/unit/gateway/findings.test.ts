import { expect, test } from 'vitest';
import type { Exchange } from '../../../src/gateway/exchange.ts';
import { evidenceOf } from '../../../src/gateway/evidence.ts';
import { findingsOf } from '../../../src/gateway/findings.ts';
import { metricsOf } from '../../../src/gateway/metrics.ts';

let count = 0;
const exchange = (parts: Partial<Exchange> = {}): Exchange => {
  count += 1;
  return {
    id: `id-${count}`,
    resource: 'api',
    at: 1_000,
    method: 'GET',
    path: '/a',
    status: 200,
    queued: 0,
    responseHead: 1,
    duration: 10,
    requestBytes: 0,
    responseBytes: 4,
    end: 'complete',
    ...parts,
  };
};
const codes = (exchanges: readonly Exchange[], timeout?: number): readonly string[] =>
  findingsOf(exchanges, timeout).map(({ code }) => code);
const without = (one: Exchange, key: keyof Exchange): Exchange => {
  const { [key]: _, ...rest } = one;
  return rest as Exchange;
};

test('REQUEST_HUNG: requests that clients gave up after the same time, with how far they had come', () => {
  const hung = { end: 'client-gone', status: 400, declaredBytes: 40, responseBytes: 20 } as const;
  const four = [3_001, 3_000, 3_010, 2_999].map((duration) => exchange({ ...hung, duration }));
  expect(findingsOf([...four, exchange(), exchange()])).toEqual([
    {
      code: 'REQUEST_HUNG',
      resource: 'api',
      seconds: 12.01,
      text: "4 requests to api hung until the client's time-out of 3.00 s, 12.01 s in all: GET /a was answered 400 after 1 ms, then 20 of 40 bytes of its body came and no more",
    },
  ]);
  const silent = [1_000, 1_001].map((duration) => without(exchange({ end: 'client-gone', duration }), 'status'));
  expect(findingsOf(silent)[0]?.text).toContain('GET /a was not answered');
});

test('no REQUEST_HUNG for clients that left at various times, or early, or one alone unless its time-out is known', () => {
  const left = (duration: number): Exchange => exchange({ end: 'client-gone', duration });
  expect(codes([left(1_000), left(1_500), left(2_000)])).toEqual([]);
  expect(codes([left(50), left(50)])).toEqual([]);
  expect(codes([left(3_001)])).toEqual([]);
  expect(codes([left(3_001)], 3_000)).toEqual(['REQUEST_HUNG']);
  expect(codes([left(2_000)], 3_000)).toEqual([]);
  const scripted = [3_000, 3_000].map((duration) => exchange({ end: 'client-gone', duration, fault: 'hang' }));
  expect(codes(scripted)).toEqual([]);
});

test('BODY_TRUNCATED, but not by a script', () => {
  const broken = exchange({ end: 'truncated', declaredBytes: 10 });
  expect(findingsOf([broken, exchange()])).toMatchObject([
    { code: 'BODY_TRUNCATED', text: 'api broke off 1 answer: GET /a ended after 4 of 10 bytes of its body' },
  ]);
  expect(codes([exchange({ end: 'truncated', fault: 'truncate' })])).toEqual([]);
});

test('STATUS_CHANGED: the same request at two edges, and nothing else', () => {
  const outer = exchange({ resource: 'front', status: 401, path: '/v1/login' });
  const inner = exchange({ status: 400, path: '/login', via: outer.id });
  expect(findingsOf([outer, inner])).toMatchObject([
    {
      code: 'STATUS_CHANGED',
      resource: 'front',
      text: 'api answered 400 to GET /login, and front in front of it made 401 of that',
    },
  ]);
  expect(codes([outer, { ...inner, status: 401 }])).toEqual([]);
  expect(codes([outer, { ...inner, path: '/users' }])).toEqual([]);
  expect(codes([outer, { ...inner, method: 'POST' }])).toEqual([]);
  expect(codes([outer, without(inner, 'via')])).toEqual([]);
});

test('CAPACITY: more waiting than work, or somebody turned away', () => {
  const waited = exchange({ queued: 80, duration: 100 });
  expect(findingsOf([waited, exchange()])).toMatchObject([
    { code: 'CAPACITY', text: '1 of 2 requests to api waited for a turn, 95 % of them at most 80 ms', seconds: 0.08 },
  ]);
  expect(codes([exchange({ queued: 5, duration: 100 })])).toEqual([]);
  const turnedAway = exchange({ end: 'refused', status: 503 });
  expect(codes([turnedAway, exchange()])).toEqual(['CAPACITY']);
});

test('figures by resource and slot', () => {
  const fast = Array.from({ length: 99 }, (_, at) => exchange({ slot: 1, at: 1_000 + at * 10, duration: 10 }));
  const slow = exchange({ slot: 1, at: 1_990, duration: 1_010, status: 500 });
  const own = exchange({ slot: 2, end: 'client-gone' });
  expect(metricsOf([exchange(), own, slow, ...fast])).toEqual([
    { resource: 'api', slot: 1, count: 100, errors: 1, p50: 10, p95: 10, p99: 10, queuedP95: 0, rps: 50 },
    { resource: 'api', slot: 2, count: 1, errors: 1, p50: 10, p95: 10, p99: 10, queuedP95: 0, rps: 100 },
    { resource: 'api', count: 1, errors: 0, p50: 10, p95: 10, p99: 10, queuedP95: 0, rps: 100 },
  ]);
});

test('what a failed spec is told', () => {
  expect(evidenceOf('datastore', [])).toEqual(['0 requests reached datastore from this spec']);
  const broken = exchange({ end: 'truncated', declaredBytes: 10 });
  expect(evidenceOf('api', [exchange(), exchange(), broken, exchange({ status: 503, fault: 'status' })])).toEqual([
    '4 requests reached api from this spec: 2 × 200, 1 × 200 broken off, 1 × 503 by the fault `status`; p95 10 ms',
    'api broke off 1 answer: GET /a ended after 4 of 10 bytes of its body [BODY_TRUNCATED]',
  ]);
});
