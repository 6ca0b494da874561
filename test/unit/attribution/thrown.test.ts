import { AssertionError } from 'node:assert';
import { createServer, type Socket } from 'node:net';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { thrownFacts } from '../../../src/attribution/thrown.ts';

const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:5432'), {
  code: 'ECONNREFUSED',
  address: '127.0.0.1',
  port: 5432,
});
const assertion = (message: string, more = {}): Error =>
  Object.assign(new Error(message), { name: 'AssertionError', ...more });
const from = (file: string): Error =>
  Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET', stack: `Error: read\n    at f (/a/${file}:1:1)` });

test.each<[string, unknown, string, string | undefined]>([
  ['a refused connection', refused, 'connection', undefined],
  ['fetch, which hides why', new TypeError('fetch failed', { cause: refused }), 'connection', undefined],
  ['several addresses', new AggregateError([refused], 'all failed'), 'connection', undefined],
  ['an expectation', assertion('expected 2 to be 3'), 'assertion', undefined],
  ['node:assert', new AssertionError({ message: 'no' }), 'assertion', undefined],
  ['`resolves` of what was refused', assertion('promise rejected', { cause: refused }), 'connection', undefined],
  ['an expectation that quotes an error', assertion('expected connect ECONNREFUSED to be x'), 'assertion', undefined],
  ['a spec that took too long', new Error('Test timed out in 5000ms.\nIf this is'), 'timeout', undefined],
  ['a hook that took too long', new Error('Hook timed out in 10000ms.'), 'timeout', undefined],
  [
    'an aborted fetch',
    new DOMException('The operation was aborted due to timeout', 'TimeoutError'),
    'timeout',
    undefined,
  ],
  ['undici', Object.assign(new Error('Headers'), { code: 'UND_ERR_HEADERS_TIMEOUT' }), 'timeout', undefined],
  ['a bug', new TypeError("Cannot read properties of undefined (reading 'id')"), 'other', undefined],
  ['no error at all', 'text', 'other', undefined],
  ['a server that was stopped', Object.assign(new Error('terminating'), { code: '57P01' }), 'connection', 'postgres'],
  ['pg, whose server is gone', new Error('Connection terminated unexpectedly'), 'connection', 'postgres'],
  ['pg, whose client was closed by the test', new Error('Connection terminated'), 'other', undefined],
  ['a duplicate key', Object.assign(new Error('duplicate key'), { code: '23505' }), 'other', undefined],
  ['a reset in pg', from('node_modules/pg/lib/connection.js'), 'connection', 'postgres'],
  ['a reset in ioredis', from('node_modules/ioredis/built/redis.js'), 'connection', 'redis'],
  ['a reset anywhere', from('src/x.ts'), 'connection', undefined],
  [
    'ioredis that gave up',
    new Error('Reached the max retries per request limit (which is 20).'),
    'connection',
    'redis',
  ],
  ['ioredis that was closed', new Error('Connection is closed.'), 'other', undefined],
])('%s', (_, error, kind, client) => {
  const facts = thrownFacts(error);
  expect([facts.kind, facts.client]).toEqual([kind, client]);
});

test.each<[string, (socket: Socket) => void, readonly unknown[]]>([
  ['breaks each connection', (socket) => socket.resetAndDestroy(), [{ host: '127.0.0.1' }]],
  ['ends it when it is asked', (socket) => void socket.once('data', () => socket.destroy()), [{ host: '127.0.0.1' }]],
  // Of this alone Node does not say where it went.
  ['breaks it when it is asked', (socket) => void socket.once('data', () => socket.resetAndDestroy()), []],
])('what a server that %s leads to', async (_, treat, unreached) => {
  const server = createServer(treat);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const error: unknown = await fetch(`http://127.0.0.1:${port}`).catch((thrown: unknown) => thrown);
  server.close();
  expect(thrownFacts(error)).toMatchObject({ kind: 'connection', unreached });
});

test('a cause that is its own cause ends', () => {
  const error = new Error('round', {});
  error.cause = error;
  expect(thrownFacts(error)).toMatchObject({ kind: 'other', text: 'round' });
});
