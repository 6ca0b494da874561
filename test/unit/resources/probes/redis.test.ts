import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { askOnce, untilPasses } from '../../../../src/resources/probes/run.ts';
import { redis } from '../../../../src/resources/redis/index.ts';
import { probeContext } from '../../../support/probes.ts';
import { startResource } from '../../../support/resources.ts';
import { freePort, listening, tcpServer } from '../../../support/servers.ts';

test('a server that answers PING is good, and its address is made literal', async () => {
  const { endpoint } = await startResource(redis());
  const self = { url: `redis://localhost:${endpoint?.port}/2` };
  const { port } = endpoint ?? {};
  expect(await askOnce({ probe: 'redis' }, probeContext({ self }))).toEqual({
    ok: true,
    fields: { host: '127.0.0.1', url: `redis://127.0.0.1:${port}/2` },
    answer: `redis 127.0.0.1:${port}: PONG`,
  });
});

test('one that is not there is named, and tried once in a try', async () => {
  const port = await freePort();
  const answer = await askOnce({ probe: 'redis' }, probeContext({ self: { host: '127.0.0.1', port } }));
  expect(answer).toEqual({
    ok: false,
    threw: true,
    fields: {},
    answer: `redis 127.0.0.1:${port}: connect ECONNREFUSED 127.0.0.1:${port}`,
  });
});

test('one that never answers costs one try', async () => {
  const port = await tcpServer('127.0.0.1');
  const answer = await askOnce({ probe: 'redis', timeout: 100 }, probeContext({ self: { host: '127.0.0.1', port } }));
  expect(answer.answer).toBe(`redis 127.0.0.1:${port}: no answer within 100 ms`);
});

test('one that hangs up does not bring on a storm of connections', async () => {
  let connections = 0;
  const port = await listening(
    createServer((socket) => {
      connections += 1;
      socket.on('error', () => undefined).destroy();
    }),
    '127.0.0.1',
  );
  const answers: string[] = [];
  const deadline = new AbortController();
  const onAnswer = (answer: string): void => {
    answers.push(answer);
    if (answers.length === 3) deadline.abort(new Error('enough'));
  };
  const context = probeContext({ self: { host: '127.0.0.1', port }, signal: deadline.signal, onAnswer });
  await expect(untilPasses({ probe: 'redis' }, context)).rejects.toThrow('redis 127.0.0.1');
  expect(connections).toBe(3);
});
