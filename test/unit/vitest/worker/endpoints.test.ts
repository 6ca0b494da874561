import { expect, test } from 'vitest';
import type { ResourceState, Slice } from '../../../../src/coordinator/state.ts';
import type { Endpoint } from '../../../../src/protocol/plan.ts';
import { contradicts, explain, type Known } from '../../../../src/vitest/worker/endpoints.ts';

/** Of resources that nobody has a part of, unless it is said. */
const explained = (
  unreached: Parameters<typeof explain>[0],
  known: Pick<Known, 'resources' | 'given'> & Partial<Known>,
): string =>
  explain(unreached, { graph: { linger: 0, leaseTimeout: 0, resources: {}, gates: {} }, slices: {}, ...known });

const ready = (endpoint: Endpoint): ResourceState => ({ state: 'ready', since: 0, took: 0, endpoint });
const failed: ResourceState = {
  state: 'failed',
  since: 0,
  cleaned: true,
  failure: { code: 'RESOURCE_LOST', message: 'api exited with code 1' },
};
const api = { host: '127.0.0.1', port: 3000, url: 'http://127.0.0.1:3000' };
const refused = { host: '127.0.0.1', port: 3000, text: 'connect ECONNREFUSED 127.0.0.1:3000' };

test.each<[string, Record<string, ResourceState>]>([
  ['that is api, which is ready', { db: ready({ port: 1 }), api: ready(api) }],
  ['that is api, which has failed: api exited with code 1 [RESOURCE_LOST]', { api: failed }],
  ['that is api, which is starting', { api: { state: 'starting', since: 0 } }],
  ['that is api, which was stopped', { api: { state: 'stopped' } }],
  ['that was api, which is now at 127.0.0.1:4000', { api: ready({ ...api, port: 4000, url: 'x' }) }],
])('an address that this file was given: %s', (text, resources) => {
  expect(explained(refused, { resources, given: { api } })).toBe(`connect ECONNREFUSED 127.0.0.1:3000: ${text}`);
});

test('an address that stands only in a url is known', () => {
  const queue = ready({ brokers: 'amqp://guest@[::1]:5672/vhost' });
  const cut = { host: '::1', port: 5672, text: 'read ECONNRESET' };
  expect(explained(cut, { resources: { queue }, given: {} })).toBe(
    'read ECONNRESET ([::1]:5672): that is queue, which is ready',
  );
});

test('another loopback address than the one that is listened on is said', () => {
  const other = { host: '::1', port: 3000, text: 'connect ECONNREFUSED ::1:3000' };
  expect(explained(other, { resources: { api: ready(api) }, given: {} })).toBe(
    'connect ECONNREFUSED ::1:3000: api, which is ready, listens on 127.0.0.1:3000 only',
  );
});

test('an address of nobody is said to be that', () => {
  expect(explained({ ...refused, host: '10.0.0.7' }, { resources: { api: ready(api) }, given: { api } })).toMatch(
    /\(10\.0\.0\.7:3000\): nothing that Greenroom started$/,
  );
});

test('an endpoint of another shape is no address', () => {
  const shaped = ready({ host: { name: 'api' }, port: 'http' } as unknown as Endpoint);
  expect(explained(refused, { resources: { shaped }, given: {} })).toMatch(/: nothing that Greenroom started$/);
});

const graph = {
  linger: 0,
  leaseTimeout: 0,
  resources: { api: { needs: [], slice: 'worker', scope: 'worker' } },
  gates: {},
} as const;
const slice: Slice = { resource: 'api', lease: 'L1', unit: 'worker', state: 'live', endpoint: api };

test.each<[string, Record<string, Slice>]>([
  ["that is a worker's own api, which is ready", { S1: slice }],
  ["that was this worker's own api, which is gone", {}],
  ["that was this worker's own api, which is gone", { S2: { ...slice, endpoint: { ...api, port: 4000, url: 'x' } } }],
])('an address of what each worker has of its own: %s', (text, slices) => {
  const known = { graph, slices, resources: { api: ready({}) }, given: { api } };
  expect(explained(refused, known)).toBe(`connect ECONNREFUSED 127.0.0.1:3000: ${text}`);
});

test.each<[string, boolean, Record<string, ResourceState>, Record<string, Slice>, string]>([
  ['a resource that is ready', true, { api: ready(api) }, {}, refused.text],
  ["a worker's own part", true, { api: ready({}) }, { S1: slice }, refused.text],
  ['a resource that has failed', false, { api: failed }, {}, refused.text],
  ['nothing at this address', false, { api: ready({ ...api, port: 4000, url: 'x' }) }, {}, refused.text],
  ['what only cut the connection', false, { api: ready(api) }, {}, 'read ECONNRESET'],
])('a refusal contradicts what is known to be ready: %s', (_, contradicted, resources, slices, text) => {
  expect(contradicts({ ...refused, text }, { graph, resources, slices, given: {} })).toBe(contradicted);
});
