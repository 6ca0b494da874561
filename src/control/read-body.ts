import type { IncomingMessage } from 'node:http';

/** A body that is longer than it may be. */
export class TooLong extends Error {}

/**
 * The body of a request, as text.
 *
 * @param most bytes
 * @throws TooLong; what the connection ended with
 */
export function readBody(request: IncomingMessage, most: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= most) chunks.push(chunk);
      else reject(new TooLong(`Your request is longer than ${most} bytes.`));
    });
    request.on('end', () => resolve((chunks.length === 1 ? chunks[0] : Buffer.concat(chunks))?.toString() ?? ''));
    request.on('error', reject);
    request.on('close', () => {
      if (!request.complete) reject(new Error('the client is gone'));
    });
  });
}
