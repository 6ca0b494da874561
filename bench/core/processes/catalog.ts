/** A service whose cache generation is advanced on request; it says at what time that was. */
import { createServer } from 'node:http';
import { wallClock } from '../../stats.ts';

let generation = 0;
createServer((request, response) => {
  if (request.method === 'POST') generation += 1;
  response.end(JSON.stringify({ generation, at: wallClock() }));
}).listen(Number(process.env['PORT']), '127.0.0.1');
