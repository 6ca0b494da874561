/** Real servers for tests, closed with the test. */
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { onTestFinished } from 'vitest';

/** Listens on a port of an address, any free one by default; closed when the test is over. */
export async function listening(server: Server, host: string, port = 0): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  onTestFinished(() => new Promise<void>((resolve) => void server.close(() => resolve())));
  return (server.address() as AddressInfo).port;
}

export function tcpServer(host: string): Promise<number> {
  return listening(
    createServer((socket) => socket.on('error', () => undefined).resume()),
    host,
  );
}

export function httpServer(answer: RequestListener, host = '127.0.0.1'): Promise<number> {
  return listening(createHttpServer(answer), host);
}

/** A port on which nobody listens: one that was just free. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => void server.close(() => resolve()));
  return port;
}
