import { expect, test } from 'vitest';
import { askOnce } from '../../../../src/resources/probes/run.ts';
import { probeContext } from '../../../support/probes.ts';
import { freePort, tcpServer } from '../../../support/servers.ts';

const LOOPBACK = ['127.0.0.1', '::1'] as const;

test.for(LOOPBACK)('finds a server that listens on %s only, and says so', async (host) => {
  const port = await tcpServer(host);
  const answer = await askOnce({ probe: 'tcp' }, probeContext({ self: { port } }));
  expect(answer).toMatchObject({ ok: true, fields: { host } });
});

test.for(LOOPBACK)('makes localhost in a url the literal %s', async (host) => {
  const port = await tcpServer(host);
  const self = { host: 'localhost', port, url: `redis://user:secret@localhost:${port}/2` };
  const { fields } = await askOnce({ probe: 'tcp' }, probeContext({ self }));
  const literal = host === '::1' ? '[::1]' : host;
  expect(fields).toEqual({ host, url: `redis://user:secret@${literal}:${port}/2` });
});

test('names each address that it tried', async () => {
  const port = await freePort();
  const answer = await askOnce({ probe: 'tcp' }, probeContext({ self: { port } }));
  expect(answer).toEqual({
    ok: false,
    threw: true,
    fields: {},
    answer: `tcp 127.0.0.1:${port}: connect ECONNREFUSED 127.0.0.1:${port}; tcp [::1]:${port}: connect ECONNREFUSED ::1:${port}`,
  });
});

test('asks a literal host alone', async () => {
  const port = await tcpServer('::1');
  const answer = await askOnce({ probe: 'tcp' }, probeContext({ self: { host: '127.0.0.1', port } }));
  expect(answer.answer).toBe(`tcp 127.0.0.1:${port}: connect ECONNREFUSED 127.0.0.1:${port}`);
});

test('asks another resource by alias, and learns nothing about its own', async () => {
  const port = await tcpServer('127.0.0.1');
  const answer = await askOnce(
    { probe: 'tcp', of: 'db' },
    probeContext({ self: { port: 1 }, needs: { db: { port } } }),
  );
  expect(answer).toMatchObject({ ok: true, fields: {} });
});

test('asks the port that the probe names', async () => {
  const port = await tcpServer('127.0.0.1');
  expect(await askOnce({ probe: 'tcp', port }, probeContext({ self: {} }))).toMatchObject({ ok: true });
});

test.for([
  ['an alias that is not needed', { probe: 'tcp', of: 'cache' }, /asks "cache", which is not among the needs \(db\)/],
  ['no resource', { probe: 'tcp' }, /must name the resource/],
  ['a resource without a port', { probe: 'tcp', of: 'db' }, /no port to ask/],
] as const)('ends at once over %s', async ([, probe, message]) => {
  const wait = askOnce(probe, probeContext({ needs: { db: {} } }));
  await expect(wait).rejects.toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringMatching(message) });
});
