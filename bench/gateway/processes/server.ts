/** A bare HTTP server: what a gateway is measured against. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const BODY = JSON.stringify({ text: 'x'.repeat(500) });

const server = createServer((_, response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': BODY.length });
  response.end(BODY);
});
server.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 }, () => {
  console.log(JSON.stringify({ port: (server.address() as AddressInfo).port }));
});
// Ends with the process that started it.
process.stdin.on('end', () => process.exit()).resume();
