/** Process: an HTTP server that answers always the same, on `PORT`. */
import { createServer } from 'node:http';

const ANSWER = 'x'.repeat(1_024);

createServer((request, response) => {
  request.resume().on('end', () => response.writeHead(200, { 'content-length': ANSWER.length }).end(ANSWER));
}).listen({ port: Number(process.env['PORT']), host: '127.0.0.1', backlog: 4_096 });
