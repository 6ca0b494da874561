import { createServer } from 'node:net';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { unreachedIn } from '../../../src/attribution/addresses.ts';

const at = (host: string, port: number): object => expect.objectContaining({ host, port });

/** A port on which nothing listens. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

test('a fetch that failed hides the address in its cause', async () => {
  const port = await closedPort();
  const error: unknown = await fetch(`http://127.0.0.1:${port}`).catch((thrown: unknown) => thrown);
  expect(unreachedIn(new Error('cannot load', { cause: error }))).toEqual([
    { host: '127.0.0.1', port, text: `connect ECONNREFUSED 127.0.0.1:${port}` },
  ]);
});

test('an aggregate has an address for each of its errors, and each once', () => {
  const refused = (address: string): Error =>
    Object.assign(new Error(`connect ECONNREFUSED ${address}:5432`), { code: 'ECONNREFUSED', address, port: 5432 });
  const error = new AggregateError([refused('::1'), refused('127.0.0.1'), refused('::1')]);
  expect(unreachedIn({ message: 'no database', cause: error })).toEqual([at('::1', 5432), at('127.0.0.1', 5432)]);
});

describe('an address that only the message has', () => {
  test.each([
    ['connect ECONNREFUSED 127.0.0.1:6379', '127.0.0.1', 6379],
    ['connect ECONNREFUSED ::1:6379', '::1', 6379],
    ['dial tcp [::1]:18094: ECONNREFUSED', '::1', 18094],
    ['request to http://localhost:3000/x failed, reason: ECONNRESET', 'localhost', 3000],
  ])('%s', (message, host, port) => {
    expect(unreachedIn(new Error(message))).toEqual([at(host, port)]);
  });
});

test('undici tells of a connection that was cut by the socket', () => {
  const cause = Object.assign(new Error('other side closed'), {
    code: 'UND_ERR_SOCKET',
    socket: { remoteAddress: '127.0.0.1', remotePort: 8080 },
  });
  expect(unreachedIn(new TypeError('terminated', { cause }))).toEqual([at('127.0.0.1', 8080)]);
});

test.each([
  ['an assertion about an address', new Error("expected 'http://127.0.0.1:1/' to be 'http://127.0.0.1:2/'")],
  ['a connection error without an address', Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })],
  ['text', 'connect ECONNREFUSED 127.0.0.1:1'],
  ['nothing', undefined],
])('%s has none', (_, error) => {
  expect(unreachedIn(error)).toEqual([]);
});

test('a cause that points back at its error ends the search', () => {
  const error: Error = new Error('connect ECONNREFUSED 127.0.0.1:1');
  error.cause = new Error('outer', { cause: error });
  expect(unreachedIn(error)).toEqual([at('127.0.0.1', 1)]);
});
