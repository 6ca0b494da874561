import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Endpoint } from '../../../../src/protocol/plan.ts';
import { askOnce, untilPasses } from '../../../../src/resources/probes/run.ts';
import { postgres } from '../../../../src/resources/postgres/index.ts';
import { probeContext } from '../../../support/probes.ts';
import { startResource, type Started } from '../../../support/resources.ts';
import { freePort, tcpServer } from '../../../support/servers.ts';

let server: Started;
let self: Endpoint;

beforeAll(async () => {
  server = await startResource(postgres(), { keep: true });
  self = server.endpoint!;
});

afterAll(() => server.stop());

const ask = (query: string) => askOnce({ probe: 'sql', query }, probeContext({ self }));

test.for([
  ['select true', true],
  ['select 1 < 0', false],
  ['select null', false],
  ['select count(*) from pg_database', true],
  ['select count(*) from pg_database where false', false],
  ['select 0.5::numeric', true],
  ['select 0', false],
  ['select 1 where false', false],
  ['set work_mem = 64', true],
  ['select false; select true', true],
] as const)('%s is good: %s', async ([query, ok]) => {
  const answer = await ask(query);
  expect(answer.ok).toBe(ok);
  expect(answer).not.toHaveProperty('generation');
});

test('names the address, the query and what it said', async () => {
  expect((await ask('select 0')).answer).toBe(`sql 127.0.0.1:${self.port}: select 0 answered 0`);
  expect((await ask('select * from nothing')).answer).toBe(
    `sql 127.0.0.1:${self.port}: relation "nothing" does not exist`,
  );
});

test('makes localhost the literal address that answered', async () => {
  const url = String(self.url).replace('127.0.0.1', 'localhost');
  const fields = await untilPasses({ probe: 'sql', query: 'select 1' }, probeContext({ self: { url } }));
  expect(fields).toEqual({ host: '127.0.0.1', url: self.url });
});

test('a query that takes too long costs one try', async () => {
  const answer = await askOnce({ probe: 'sql', query: 'select pg_sleep(100)', timeout: 100 }, probeContext({ self }));
  expect(answer).toMatchObject({ ok: false, answer: expect.stringContaining('no answer within 100 ms') });
});

test('a server that speaks no SQL, and none at all', async () => {
  const silent = await tcpServer('127.0.0.1');
  const query = { probe: 'sql', query: 'select 1', timeout: 100 } as const;
  expect(await askOnce(query, probeContext({ self: { host: '127.0.0.1', port: silent } }))).toMatchObject({
    answer: `sql 127.0.0.1:${silent}: no answer within 100 ms`,
  });
  const port = await freePort();
  expect(await askOnce(query, probeContext({ self: { host: '127.0.0.1', port } }))).toMatchObject({
    answer: `sql 127.0.0.1:${port}: connect ECONNREFUSED 127.0.0.1:${port}`,
  });
});
