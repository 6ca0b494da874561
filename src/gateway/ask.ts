/** Asks a gateway on its control socket. */
import { GreenroomError } from '../protocol/failure.ts';
import type { Asked } from './schema.ts';

/**
 * @param within milliseconds
 * @throws GreenroomError GATEWAY_REFUSED with what is wrong with the question; GATEWAY_LOST when nobody answers
 */
export async function askGateway<P extends keyof Asked>(
  socket: string,
  path: P,
  question: Asked[P],
  within = 5_000,
): Promise<unknown> {
  // Not at the start of a worker, which may never ask.
  const { request } = await import('node:http');
  return new Promise((resolve, reject) => {
    const lost = (why: string): void => reject(failure('GATEWAY_LOST', `the gateway at ${socket} ${why}`));
    const asking = request({ socketPath: socket, path, method: 'POST', agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.once('error', (error) => lost(`broke off: ${error.message}`));
      response.once('end', () => {
        const value: unknown = JSON.parse(text);
        if (response.statusCode === 200) resolve(value);
        else reject(failure('GATEWAY_REFUSED', `the gateway refused: ${(value as { error: string }).error}`));
      });
    });
    const timer = setTimeout(() => asking.destroy(new Error(`it took longer than ${within} ms`)), within);
    asking.once('error', (error) => lost(`does not answer: ${error.message}`));
    asking.once('close', () => clearTimeout(timer));
    asking.end(JSON.stringify(question));
  });
}

function failure(code: 'GATEWAY_LOST' | 'GATEWAY_REFUSED', message: string): GreenroomError {
  const hint =
    code === 'GATEWAY_LOST'
      ? 'it ends with its resource: `greenroom status` tells what became of that'
      : 'docs/gateway.md has the faults and their options';
  return new GreenroomError({ code, message, hint });
}
