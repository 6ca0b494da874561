/** The mock LLM as HTTP servers: one for all, and one for each slot that has a port of its own. */
import { hash } from 'node:crypto';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { createServer } from '../../control/node-http.ts';
import { readBody, TooLong } from '../../control/read-body.ts';
import { originIn, type Origin } from '../../protocol/baggage.ts';
import { answerOf, MODEL } from './answer.ts';
import { BadRequest, bodyOf, type Body } from './asked.ts';
import type { Book } from './book.ts';
import { chat } from './chat.ts';
import type { Dialect } from './dialect.ts';
import { embeddings } from './embeddings.ts';
import { countTokens, messages } from './messages.ts';
import { anthropicError, openAiError } from './provider-errors.ts';
import { responses } from './responses.ts';
import type { ReplyParts } from './scenario.ts';
import { delayed, sendAnswer, sendJson, sendText } from './send.ts';

/** Milliseconds that a client has. On a busy machine, an honest one can take long. */
interface Limits {
  /** For the header of a request. */
  readonly header: number;
  /** For the whole of it. */
  readonly request: number;
}

const LIMITS: Limits = { header: 60_000, request: 120_000 };
/** Milliseconds: longer than clients keep a connection, so that none is closed as it is used again. */
const KEEP_ALIVE_MS = 120_000;
/** Milliseconds between looks for requests that are late. */
const CHECK_MS = 1_000;

/** Bytes of a request, more than any provider takes. Images are sent as text, so that it can be long. */
const LONGEST = 64 * 2 ** 20;

const DIALECTS: Readonly<Record<string, Dialect>> = {
  'POST /v1/chat/completions': chat,
  'POST /v1/responses': responses,
  'POST /v1/embeddings': embeddings,
  'POST /v1/messages': messages,
};

/** @param slot Whose port it is: of requests that do not say whose they are. */
export function createMockLlm(book: Book, slot?: number, limits: Limits = LIMITS): Server {
  const server = createServer(
    {
      headersTimeout: limits.header,
      requestTimeout: limits.request,
      keepAliveTimeout: KEEP_ALIVE_MS,
      connectionsCheckingInterval: CHECK_MS,
    },
    (request, response) => {
      // The client is gone: there is nobody to be told.
      response.on('error', () => undefined);
      answer(book, request, response, originIn(headerOf(request)) ?? (slot === undefined ? undefined : { slot })).catch(
        (error: unknown) => response.destroy(error as Error),
      );
    },
  );
  server.on('clientError', refuse);
  return server;
}

async function answer(
  book: Book,
  request: IncomingMessage,
  response: ServerResponse,
  whose: Origin | undefined,
): Promise<void> {
  const { method = 'GET', url = '/' } = request;
  const path = url.split('?', 1)[0] ?? url;
  const route = `${method} ${path}`;
  const dialect = DIALECTS[route];
  // Anthropic's clients say which version they speak.
  const errorOf =
    path.startsWith('/v1/messages') || 'anthropic-version' in request.headers ? anthropicError : openAiError;
  try {
    const text = await readBody(request, LONGEST);
    if (dialect !== undefined) await answerIn(dialect, text, book, response, whose);
    else if (route === 'GET /health') sendJson(response, 200, { status: 'ok' });
    else if (route === 'POST /v1/messages/count_tokens') sendJson(response, 200, countTokens(bodyOf(text)));
    else if (method === 'GET' && /^\/v1\/models(\/|$)/.test(path)) sendJson(response, 200, models(path));
    else sendJson(response, 404, errorOf(404, { message: unknownRoute(route) }));
  } catch (error) {
    if (error instanceof TooLong) sendJson(response, 413, errorOf(413, error), { connection: 'close' });
    else if (error instanceof BadRequest) sendJson(response, 400, errorOf(400, error));
    else throw error;
  }
}

async function answerIn(
  dialect: Dialect,
  text: string,
  book: Book,
  response: ServerResponse,
  whose: Origin | undefined,
): Promise<void> {
  const body = bodyOf(text);
  const asked = dialect.read(body);
  const decision = book.decide(asked, text, whose, Date.now());
  if ('unmatched' in decision) {
    const words = { message: decision.unmatched, code: 'no_scenario' };
    return sendJson(response, 400, dialect.error(400, words));
  }
  const { reply } = decision;
  if (!(await delayed(response, reply.delay ?? 0)) || reply.hang === true) return;
  const { status, value, headers } = errorIn(reply, dialect) ?? {};
  if (status !== undefined) {
    // As a proxy in between answers, which speaks no provider's language.
    if (typeof value === 'string')
      return sendText(response, status, value, { 'content-type': 'text/plain', ...headers });
    return sendJson(response, status, value, headers);
  }
  const id = hash('sha1', text + JSON.stringify(reply)).slice(0, 24);
  await sendAnswer(response, dialect, answerOf(asked, reply, id), reply, body);
}

/** What is answered in place of an answer. */
function errorIn(
  { error, rateLimit }: ReplyParts,
  dialect: Dialect,
):
  | { readonly status: number; readonly value: unknown; readonly headers: Readonly<Record<string, string>> }
  | undefined {
  if (rateLimit !== undefined) {
    return { status: 429, value: dialect.error(429, {}), headers: { 'retry-after': String(rateLimit.retryAfter) } };
  }
  if (error === undefined) return undefined;
  const { status, body, headers = {}, ...words } = error;
  // Each once, however it is spelt.
  const named = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  return { status, value: body ?? dialect.error(status, words), headers: Object.fromEntries(named) };
}

function models(path: string): Body {
  const model = (id: string): Body => ({
    id,
    object: 'model',
    created: 0,
    owned_by: 'greenroom',
    type: 'model',
    display_name: id,
    created_at: '1970-01-01T00:00:00Z',
  });
  const id = path.split('/')[3] ?? '';
  if (id !== '') return model(decoded(id));
  return { object: 'list', data: [model(MODEL)], has_more: false, first_id: MODEL, last_id: MODEL };
}

/** @throws BadRequest */
function decoded(id: string): string {
  try {
    return decodeURIComponent(id);
  } catch {
    throw new BadRequest('The id of the model is malformed.', 'model');
  }
}

function unknownRoute(route: string): string {
  const known = [...Object.keys(DIALECTS), 'POST /v1/messages/count_tokens', 'GET /v1/models', 'GET /health'];
  return `Unknown request URL: ${route}. The mock LLM knows ${known.join(', ')}.`;
}

/** Of a header that came several times, Node makes one. */
function headerOf({ headers }: IncomingMessage): string | undefined {
  const { baggage } = headers;
  return Array.isArray(baggage) ? baggage.join(',') : baggage;
}

const REFUSALS: Readonly<Record<string, readonly [status: string, message: string]>> = {
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'The header of your request is too large.'],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'Your request was not complete in time.'],
};

/** What cannot even be read as a request. */
function refuse(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const [status, message] = REFUSALS[error.code ?? ''] ?? [
    '400 Bad Request',
    'We could not read your request as HTTP.',
  ];
  const text = JSON.stringify(openAiError(Number(status.slice(0, 3)), { message }));
  const head = `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(text)}\r\nconnection: close\r\n\r\n`;
  socket.end(head + text);
}
