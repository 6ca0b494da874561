import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { HttpError, notFound } from './errors.ts';

export interface Call {
  /** Named parts of the path. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** The parsed JSON body; undefined without one. */
  readonly body: unknown;
}

/** What a handler answers: status 200, or another one beside the body. */
export type Answer = { readonly status?: number; readonly body: unknown };

/** `'POST /orders/:id/pay'` → handler. */
export type Routes = Readonly<Record<string, (call: Call) => Answer | Promise<Answer>>>;

/** Turns routes into the listener of a server that speaks JSON. */
export function handle(routes: Routes): RequestListener {
  const table = Object.entries(routes).map(([route, handler]) => {
    const [method, path] = route.split(' ') as [string, string];
    return { method, pattern: new RegExp(`^${path.replace(/:(\w+)/g, '(?<$1>[^/]+)')}$`), handler };
  });

  const answer = async (request: IncomingMessage): Promise<Answer> => {
    const url = new URL(request.url ?? '/', 'http://service');
    for (const { method, pattern, handler } of table) {
      const match = method === request.method ? pattern.exec(url.pathname) : null;
      if (match === null) continue;
      const params = Object.fromEntries(
        Object.entries(match.groups ?? {}).map(([name, value]) => [name, decodeURIComponent(value)]),
      );
      return handler({ params, query: url.searchParams, body: await bodyOf(request) });
    }
    throw notFound(`${request.method} ${url.pathname}`);
  };

  return (request, response) => {
    answer(request)
      .catch(toAnswer)
      .then((result) => send(response, result))
      .catch((error: unknown) => response.destroy(error as Error));
  };
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  if (request.headers['content-type'] !== 'application/json') return undefined;
  try {
    return await json(request);
  } catch {
    throw new HttpError(400, 'bad_json', 'the body is not JSON');
  }
}

function toAnswer(error: unknown): Answer {
  if (error instanceof HttpError) {
    const { status, code, message, fields } = error;
    return { status, body: { error: { code, message, fields } } };
  }
  console.error(error);
  return { status: 500, body: { error: { code: 'internal', message: 'the service failed; see its log' } } };
}

function send(response: ServerResponse, { status = 200, body }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
