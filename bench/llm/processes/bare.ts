/** Process: the least that an HTTP server does with JSON: reads the request, parses it, answers the same each time. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const ANSWER = JSON.stringify({ choices: [{ message: { role: 'assistant', content: 'An answer of some words.' } }] });

const server = createServer((request, response) => {
  let text = '';
  request.setEncoding('utf8');
  request.on('data', (chunk: string) => (text += chunk));
  request.on('end', () => {
    JSON.parse(text);
    response
      .writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(ANSWER) })
      .end(ANSWER);
  });
});
server.listen(0, '127.0.0.1', () => console.log(`listens on port ${(server.address() as AddressInfo).port}`));
