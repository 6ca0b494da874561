import { createServer, type AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { listening, listeningIn } from '../../../src/containers/sockets.ts';

const HEAD = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';
const line = (local: string, state = '0A'): string =>
  `   0: ${local} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000     0        0 1 1 0 100 0 0 10 0\n`;

test.each([
  ['127.0.0.1', '0100007F:1F90', true],
  ['127.0.0.53', '3500007F:1F90', true],
  ['0.0.0.0', '00000000:1F90', false],
  ['10.89.0.2', '0200590A:1F90', false],
  ['::1', '00000000000000000000000001000000:1F90', true],
  ['::', '00000000000000000000000000000000:1F90', false],
  ['::ffff:127.0.0.1', '0000000000000000FFFF00000100007F:1F90', true],
])('a server on %s', (_address, local, loopback) => {
  expect(listeningIn(HEAD + line(local))).toEqual([{ port: 8080, loopback }]);
});

test('connections do not listen', () => {
  expect(listeningIn(HEAD + line('0100007F:1F90', '01'))).toEqual([]);
});

test.runIf(process.platform === 'linux').each([
  ['127.0.0.1', true],
  ['::1', true],
  ['0.0.0.0', false],
])('what the kernel says of a server on %s', async (host, loopback) => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const { port } = server.address() as AddressInfo;
  expect((await listening(process.pid))?.filter((socket) => socket.port === port)).toEqual([{ port, loopback }]);
  await new Promise((resolve) => server.close(resolve));
});

test('of a process that is not there, nothing is known', async () => {
  expect(await listening(2 ** 30)).toBeUndefined();
});
