import { createServer } from 'node:http';
import { expect, test } from 'vitest';
import type { ProbePlan } from '../../../../src/protocol/plan.ts';
import { askOnce } from '../../../../src/resources/probes/run.ts';
import { answering, probeContext } from '../../../support/probes.ts';
import { httpServer, listening } from '../../../support/servers.ts';

const CATALOG = { $function: 'gates.catalog.probe.json' };

/** Asks a server that answers as told. */
async function ask(
  probe: Omit<Extract<ProbePlan, { probe: 'http' }>, 'probe' | 'path'>,
  reply: { status?: number; headers?: Record<string, string>; body?: string },
  predicate: (body: never) => unknown = () => undefined,
) {
  const port = await httpServer((_, response) => {
    response.writeHead(reply.status ?? 200, reply.headers ?? {}).end(reply.body ?? '');
  });
  const { ok, generation, answer } = await askOnce(
    { probe: 'http', path: '/catalog', ...probe },
    probeContext({ self: { port }, ...answering({ [CATALOG.$function]: predicate }) }),
  );
  return {
    ok,
    generation,
    answer: answer.replaceAll(`127.0.0.1:${port}`, 'V4').replaceAll(`[::1]:${port}`, 'V6').split('; ')[0],
  };
}

test('any 2xx is good', async () => {
  expect(await ask({}, { status: 204 })).toEqual({ ok: true, answer: 'GET http://V4/catalog: answered 204' });
  expect(await ask({}, { status: 302 })).toEqual({ ok: false, answer: 'GET http://V4/catalog: answered 302' });
  expect(await ask({}, { status: 503 })).toEqual({ ok: false, answer: 'GET http://V4/catalog: answered 503' });
});

test('a status asked for must be that one', async () => {
  expect(await ask({ status: 302 }, { status: 302 })).toMatchObject({ ok: true });
  expect(await ask({ status: 204 }, {})).toEqual({ ok: false, answer: 'GET http://V4/catalog: answered 200, not 204' });
});

test('a header asked for must have that value', async () => {
  const probe = { header: ['X-Build', '7'] } as const;
  expect(await ask(probe, { headers: { 'x-build': '7' } })).toMatchObject({ ok: true });
  expect(await ask(probe, { headers: { 'x-build': '6' } })).toMatchObject({
    answer: 'GET http://V4/catalog: answered 200 with X-Build: 6, not 7',
  });
  expect(await ask(probe, {})).toMatchObject({
    answer: 'GET http://V4/catalog: answered 200 with X-Build: (none), not 7',
  });
});

test('the predicate decides over the body', async () => {
  const synced = (body: { synced: boolean }): boolean => body.synced;
  expect(await ask({ json: CATALOG }, { body: '{"synced":true}' }, synced)).toMatchObject({ ok: true });
  expect(await ask({ json: CATALOG }, { body: '{"synced":false}' }, synced)).toEqual({
    ok: false,
    answer: 'GET http://V4/catalog: the predicate answered false',
  });
});

test('a number from 1 on is a generation', async () => {
  const generation = (body: { generation: number }): number => body.generation;
  expect(await ask({ json: CATALOG }, { body: '{"generation":3}' }, generation)).toMatchObject({
    ok: true,
    generation: 3,
  });
  expect(await ask({ json: CATALOG }, { body: '{"generation":0}' }, generation)).toMatchObject({
    ok: false,
  });
});

test('a body that is not JSON is an answer', async () => {
  expect(await ask({ json: CATALOG }, { body: '<html>' })).toMatchObject({
    ok: false,
    answer: expect.stringContaining('http V4: the body is not JSON: "<html>"'),
  });
});

test('a body without end is cut off', async () => {
  const port = await httpServer((_, response) => {
    const more = (): void => {
      while (!response.destroyed && response.write('x'.repeat(64 * 1024)));
    };
    response.on('drain', more);
    more();
  });
  const answer = await askOnce({ probe: 'http', path: '/', json: CATALOG }, probeContext({ self: { port } }));
  expect(answer.answer).toContain('the body is longer than');
});

test('a server that never answers costs one try', async () => {
  const port = await httpServer(() => undefined);
  const answer = await askOnce(
    { probe: 'http', path: '/', timeout: 100 },
    probeContext({ self: { host: '127.0.0.1', port } }),
  );
  expect(answer).toMatchObject({ ok: false, answer: `http 127.0.0.1:${port}: no answer within 100 ms` });
});

test('tries the other address family when the first one answers badly', async () => {
  const port = await httpServer((_, response) => void response.writeHead(500).end());
  const other = createServer((_, response) => void response.end());
  await new Promise<void>((resolve) => void other.listen(port, '::1', resolve));
  const answer = await askOnce({ probe: 'http', path: '/' }, probeContext({ self: { port } }));
  await new Promise((resolve) => other.close(resolve));
  expect(answer).toMatchObject({ ok: true, fields: { host: '::1' } });
});

test('leaves no connection open that would hold up a server that closes', async () => {
  const server = createServer((_, response) => void response.end('ok'));
  const port = await listening(server, '127.0.0.1');
  await askOnce({ probe: 'http', path: '/' }, probeContext({ self: { port } }));
  // Without a time-out of its own: this hangs as long as a connection is open.
  expect(await new Promise((resolve) => server.close(resolve))).toBeUndefined();
});
