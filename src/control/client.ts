/** Loads nothing but Node, and that only when somebody asks: a worker may never do. */
export interface Answered {
  readonly status: number;
  readonly value: unknown;
}

/**
 * Asks a control socket.
 *
 * @param within milliseconds
 * @throws Error when nobody answers there in that time
 */
export async function askSocket(socket: string, path: string, question: object, within: number): Promise<Answered> {
  // As in ./node-http.ts, and only now.
  const { request } = process.getBuiltinModule('node:http');
  const { text } = await import('node:stream/consumers');
  const { promise, resolve, reject } = Promise.withResolvers<Answered>();
  const asking = request({ socketPath: socket, path, method: 'POST', agent: false }, (response) => {
    text(response)
      .then((body) => resolve({ status: response.statusCode ?? 0, value: JSON.parse(body) as unknown }))
      .catch(reject);
  });
  const timer = setTimeout(() => asking.destroy(new Error(`it took longer than ${within} ms`)), within);
  asking.once('error', reject);
  asking.once('close', () => clearTimeout(timer));
  asking.end(JSON.stringify(question));
  return promise;
}

/** What a refusal says. */
export const refusal = ({ value }: Answered): string => (value as { readonly error: string }).error;
