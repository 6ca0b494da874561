import type { IncomingMessage } from 'node:http';

/** Bytes. Images are sent as text, so that bodies can be long. */
const LONGEST = 64 * 2 ** 20;

/** A body that is longer than any provider takes. */
export class TooLong extends Error {}

/**
 * The body of a request, as text.
 *
 * @throws TooLong; what the connection ended with
 */
export function readBody(request: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= LONGEST) chunks.push(chunk);
      else reject(new TooLong(`Your request is longer than ${LONGEST} bytes.`));
    });
    request.on('end', () => resolve((chunks.length === 1 ? chunks[0] : Buffer.concat(chunks))?.toString() ?? ''));
    request.on('error', reject);
    request.on('close', () => {
      if (!request.complete) reject(new Error('the client is gone'));
    });
  });
}
