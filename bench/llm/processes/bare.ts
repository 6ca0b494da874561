/**
 * Process: the least that an HTTP server does with JSON: reads the request, parses it, answers the same each time, and as
 * much as a completion is.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const ANSWER = JSON.stringify({
  id: 'chatcmpl-000000000000000000000000',
  object: 'chat.completion',
  created: 1_700_000_000,
  model: 'm',
  system_fingerprint: 'fp_bare',
  choices: [
    {
      index: 0,
      message: { role: 'assistant', content: 'An answer of a few words to it.', refusal: null, annotations: [] },
      logprobs: null,
      finish_reason: 'stop',
    },
  ],
  usage: { prompt_tokens: 7, completion_tokens: 10, total_tokens: 17 },
});

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
