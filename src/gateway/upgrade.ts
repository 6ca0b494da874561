/** Connections that become another protocol's, such as a WebSocket's. */
import type { Agent, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { answerText, noAnswer } from './answers.ts';
import { request as ask } from '../control/node-http.ts';
import { baggageOf } from './attribution.ts';
import type { Address } from '../protocol/address.ts';
import { faultFor, type Core } from './core.ts';
import type { Draft } from './draft.ts';
import { enter, held } from './entrance.ts';
import { endToEnd, headText, upgradeHeaders } from './headers.ts';
import { joined } from './join.ts';

interface Server {
  readonly upstream: Address;
  readonly agent: Agent;
}

export async function upgraded(
  core: Core,
  { upstream, agent }: Server,
  draft: Draft,
  request: IncomingMessage,
  socket: Socket,
  head: Buffer,
): Promise<void> {
  const gone = new AbortController();
  socket.on('error', () => undefined);
  socket.once('close', () => {
    draft.close('client-gone');
    gone.abort();
  });
  draft.requestEnded();
  const fault = faultFor(core, draft);
  if (fault?.kind === 'status') {
    draft.answered(fault.status);
    draft.close('complete');
    const body = fault.body ?? '';
    const length = ['Content-Length', String(Buffer.byteLength(body)), 'Connection', 'close'];
    socket.end(headText(fault.status, '', length) + body);
    return;
  }
  if (await held(fault, draft, socket, gone.signal)) return;
  const entry = await enter(core, draft, gone.signal);
  if ('refused' in entry) {
    draft.status = entry.refused.status;
    draft.close('refused', entry.refused.message);
    socket.end(answerText(core.resource, entry.refused));
    return;
  }
  const headers = upgradeHeaders(request.rawHeaders, baggageOf(request, draft), request.headers.upgrade ?? '');
  const { method, url: path } = request;
  const up = ask({ ...upstream, method, path, headers, agent, setHost: false });
  gone.signal.addEventListener('abort', () => up.destroy(), { once: true });
  up.once('upgrade', (from: IncomingMessage, server: Socket, first: Buffer) => {
    server.once('close', entry.leave);
    draft.answered(from.statusCode ?? 101);
    socket.write(headText(from.statusCode ?? 101, from.statusMessage ?? '', from.rawHeaders));
    if (first.length > 0) server.unshift(first);
    if (head.length > 0) socket.unshift(head);
    joined(draft, socket, server, fault);
  });
  up.once('response', (from) => {
    up.once('close', entry.leave);
    draft.answered(from.statusCode ?? 0);
    const answer = [...endToEnd(from.rawHeaders), 'Connection', 'close'];
    socket.write(headText(from.statusCode ?? 0, from.statusMessage ?? '', answer));
    from.on('error', () => undefined);
    from.on('data', (chunk: Buffer) => draft.response.add(chunk));
    from.once('close', () => {
      draft.close(from.complete ? 'complete' : 'truncated');
      socket.destroySoon();
    });
    from.pipe(socket, { end: false });
  });
  up.on('error', (error) => {
    entry.leave();
    if (!draft.isOpen) return;
    const own = noAnswer(error);
    draft.status = own.status;
    draft.close('server-gone', own.message);
    socket.end(answerText(core.resource, own));
  });
  up.end();
}
