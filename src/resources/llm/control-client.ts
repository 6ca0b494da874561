/** How the control of a mock LLM is asked, by whoever has its endpoint. Loads nothing but Node. */
import { request } from 'node:http';
import { text } from 'node:stream/consumers';

/** Milliseconds. What it is asked takes it less than one, but a machine can have a lot of other work. */
const ANSWER_MS = 60_000;

/**
 * Asks the control socket.
 *
 * @param control Path of the socket.
 * @throws Error that says what it refused, or that nobody answers there.
 */
export function askControl(control: string, path: string, order: object): Promise<unknown> {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  const asking = request({ socketPath: control, path, method: 'POST', agent: false, timeout: ANSWER_MS });
  asking.on('timeout', () => asking.destroy(new Error(`the mock LLM did not answer within ${ANSWER_MS} ms`)));
  asking.on('error', reject);
  asking.on('response', (response) => {
    text(response).then((body) => {
      const answer = JSON.parse(body) as { readonly error?: string };
      if (response.statusCode === 200) resolve(answer);
      else reject(new Error(answer.error ?? `the mock LLM answered ${response.statusCode}`));
    }, reject);
  });
  asking.end(JSON.stringify(order));
  return promise;
}
