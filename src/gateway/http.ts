/** One port of a gateway in front of an HTTP server. */
import type { ClientRequest, IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { pipeline } from 'node:stream';
import { Agent, createServer, request as ask } from '../control/node-http.ts';
import { describeError } from '../protocol/failure.ts';
import { answerText, bodyOf, headersOf, noAnswer, unreadable, type OwnAnswer } from './answers.ts';
import { baggageOf, begin } from './attribution.ts';
import type { Address } from '../protocol/address.ts';
import { faultFor, type Core } from './core.ts';
import type { Draft } from './draft.ts';
import type { Effect } from './fault.ts';
import { endToEnd, requestHeaders } from './headers.ts';
import { paceOf } from './pace.ts';
import { enter, held } from './entrance.ts';
import { upgraded } from './upgrade.ts';

/** Bytes of all headers of a request. */
const HEADERS_MOST = 64 * 1024;
/** Milliseconds that a client who sent what cannot be read has to read the answer. */
const FAREWELL_MS = 1_000;

/** No connection to the server outlives its exchange: a server with one thread would wait for the next request on it. */
const agent = new Agent({ keepAlive: false, maxSockets: Infinity });

/** @param slot whose port it is */
export function httpServer(core: Core, upstream: Address, slot?: number): Server {
  const server = createServer({
    maxHeaderSize: HEADERS_MOST,
    headersTimeout: core.headTimeout,
    connectionsCheckingInterval: Math.min(1_000, core.headTimeout),
    // A connection that we close while a request is on its way is an error of the client's.
    keepAliveTimeout: 0,
  });
  /** Those in the middle of an exchange. */
  const busy = new WeakSet<Socket>();
  const serve = (request: IncomingMessage, response: ServerResponse): void => {
    busy.add(request.socket);
    response.once('close', () => busy.delete(request.socket));
    const draft = begin(core, request, slot);
    exchange(core, upstream, draft, request, response).catch((error: unknown) => {
      draft.close('refused', describeError(error));
      request.socket.destroy();
    });
  };
  server.on('request', serve);
  server.on('checkContinue', serve);
  server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    const draft = begin(core, request, slot);
    upgraded(core, { upstream, agent }, draft, request, socket, head).catch((error: unknown) => {
      draft.close('refused', describeError(error));
      socket.destroy();
    });
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    // Somebody who has left, or is in the middle of an answer, cannot be told anything.
    const deaf = !socket.writable || error.code === 'ECONNRESET' || error.code === 'EPIPE' || busy.has(socket);
    if (deaf) socket.destroy();
    else cannotRead(core, slot, error, socket);
  });
  return server;
}

async function exchange(
  core: Core,
  upstream: Address,
  draft: Draft,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const gone = new AbortController();
  request.on('error', () => undefined);
  request.once('end', () => draft.requestEnded());
  response.once('finish', () => draft.close('complete'));
  response.once('close', () => {
    draft.close('client-gone');
    gone.abort();
  });
  const fault = faultFor(core, draft);
  if (fault?.kind === 'status') {
    request.resume();
    answer(draft, response, fault.status, fault.body ?? '');
    return;
  }
  if (await held(fault, draft, request.socket, gone.signal)) {
    request.resume();
    return;
  }
  const entry = await enter(core, draft, gone.signal);
  if ('refused' in entry) {
    if (!gone.signal.aborted) refuse(core, draft, response, entry.refused);
    return;
  }
  const headers = requestHeaders(request.rawHeaders, baggageOf(request, draft));
  const { method, url: path } = request;
  const up = ask({ ...upstream, method, path, headers, agent, setHost: false });
  up.once('close', entry.leave);
  gone.signal.addEventListener('abort', () => up.destroy(), { once: true });
  up.once('continue', () => response.writeContinue());
  up.once('response', (from) => passOn(draft, from, response, fault));
  up.on('error', (error) => {
    if (gone.signal.aborted || !draft.isOpen) return;
    if (response.headersSent) breakOff(draft, response, 'server-gone', error);
    else refuse(core, draft, response, noAnswer(error), 'server-gone');
  });
  send(draft, request, up);
}

function send(draft: Draft, request: IncomingMessage, up: ClientRequest): void {
  const { 'content-length': length, 'transfer-encoding': encoding } = request.headers;
  // Node would make a chunked body of it.
  if (length === undefined && encoding === undefined) {
    request.resume();
    up.end();
    return;
  }
  up.flushHeaders();
  request.on('data', (chunk: Buffer) => draft.request.add(chunk));
  request.pipe(up, { end: false });
  request.once('end', () => {
    if (Object.keys(request.trailers).length > 0) up.addTrailers(trailersOf(request));
    up.end();
  });
}

function passOn(draft: Draft, from: IncomingMessage, response: ServerResponse, effect: Effect | undefined): void {
  const { statusCode = 0, statusMessage = '', headers } = from;
  draft.answered(statusCode);
  const { 'content-length': length } = headers;
  if (length !== undefined) draft.declaredBytes = Number(length);
  // The server's own, if it has one.
  response.sendDate = false;
  response.writeHead(statusCode, statusMessage, endToEnd(from.rawHeaders));
  response.flushHeaders();
  const pace = paceOf(effect, () => breakOff(draft, response, 'truncated', new Error('as scripted')));
  from.on('error', () => undefined);
  from.on('data', (chunk: Buffer) => draft.response.add(chunk));
  from.once('close', () => {
    if (!from.complete) breakOff(draft, response, 'truncated', new Error('the server broke off its answer'));
  });
  const body = pace === undefined ? from : pipeline(from, pace, () => undefined);
  response.once('close', () => body.destroy());
  body.pipe(response, { end: false });
  body.once('end', () => {
    if (Object.keys(from.trailers).length > 0) response.addTrailers(trailersOf(from));
    response.end();
  });
}

const trailersOf = ({ rawTrailers }: IncomingMessage): [string, string][] =>
  Array.from({ length: rawTrailers.length / 2 }, (_, at) => [rawTrailers[2 * at] ?? '', rawTrailers[2 * at + 1] ?? '']);

/** The client sees that the answer is not whole. What was passed on reaches it first. */
function breakOff(draft: Draft, response: ServerResponse, end: 'truncated' | 'server-gone', error: Error): void {
  if (!draft.isOpen) return;
  draft.close(end, describeError(error));
  response.socket?.destroySoon();
}

function refuse(
  { resource }: Core,
  draft: Draft,
  response: ServerResponse,
  own: OwnAnswer,
  end: 'refused' | 'server-gone' = 'refused',
): void {
  draft.status = own.status;
  draft.close(end, own.message);
  const body = bodyOf(resource, own);
  response.writeHead(own.status, headersOf(body));
  response.end(body);
}

function answer(draft: Draft, response: ServerResponse, status: number, body: string): void {
  draft.answered(status);
  draft.response.add(Buffer.from(body));
  response.writeHead(status, { 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

function cannotRead(core: Core, slot: number | undefined, error: NodeJS.ErrnoException, socket: Socket): void {
  const own = unreadable(error.code, core.headTimeout);
  const draft = core.book.begin({ resource: core.resource, slot });
  draft.status = own.status;
  draft.close('refused', own.message);
  socket.on('error', () => undefined);
  socket.end(answerText(core.resource, own));
  setTimeout(() => socket.destroy(), FAREWELL_MS).unref();
}
