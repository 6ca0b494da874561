/** Puts a reply on the wire, as slowly or as badly as it wants to be. */
import type { ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { Answer } from './answer.ts';
import type { Body } from './asked.ts';
import type { Dialect, StreamEvent } from './dialect.ts';
import type { ReplyParts } from './scenario.ts';

/** Answers in the dialect. Resolves when all is written, or the client is gone. */
export async function sendAnswer(
  response: ServerResponse,
  dialect: Dialect,
  answer: Answer,
  reply: ReplyParts,
  body: Body,
): Promise<void> {
  if (answer.asked.stream && dialect.stream !== undefined) {
    await sendStream(response, dialect.stream(answer, body), reply);
  } else {
    sendWhole(response, JSON.stringify(dialect.whole(answer, body)), reply);
  }
}

/** Waits, or less when the client is gone. */
export async function delayed(response: ServerResponse, ms: number): Promise<boolean> {
  if (ms > 0) {
    const gone = new AbortController();
    const giveUp = (): void => gone.abort();
    response.once('close', giveUp);
    await pause(ms, undefined, { signal: gone.signal }).catch(() => undefined);
    response.off('close', giveUp);
  }
  return !response.destroyed;
}

export function sendJson(
  response: ServerResponse,
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  sendText(response, status, JSON.stringify(value), { 'content-type': 'application/json', ...headers });
}

export function sendText(
  response: ServerResponse,
  status: number,
  text: string,
  headers: Readonly<Record<string, string>>,
): void {
  const length = Buffer.byteLength(text);
  // As text, Node writes it together with the head; it writes faster what has no letter beyond ASCII.
  const encoding = length === text.length ? 'latin1' : 'utf8';
  response.writeHead(status, { 'content-length': length, ...headers }).end(text, encoding);
}

function sendWhole(response: ServerResponse, text: string, { cutAfter, hangAfter }: ReplyParts): void {
  const type = { 'content-type': 'application/json' };
  if (cutAfter === undefined && hangAfter === undefined) {
    sendText(response, 200, text, type);
    return;
  }
  const bytes = Buffer.from(text);
  response.writeHead(200, { 'content-length': bytes.length, ...type });
  response.write(bytes.subarray(0, Math.floor(bytes.length / 2)));
  if (cutAfter !== undefined) response.socket?.destroySoon();
}

async function sendStream(
  response: ServerResponse,
  events: Iterable<StreamEvent>,
  { chunkDelay = 0, cutAfter = Infinity, hangAfter = Infinity }: ReplyParts,
): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' });
  let pieces = 0;
  // In one packet, unless somebody is to wait for the next piece.
  let waiting = '';
  const flush = (): void => {
    if (waiting !== '') response.write(waiting);
    waiting = '';
  };
  for (const { event, data, piece } of events) {
    if (piece) {
      if (pieces >= Math.min(cutAfter, hangAfter)) break;
      if (pieces > 0 && chunkDelay > 0) {
        flush();
        if (!(await delayed(response, chunkDelay))) return;
      }
      pieces += 1;
    }
    const text = typeof data === 'string' ? data : JSON.stringify(data);
    waiting += `${event === undefined ? '' : `event: ${event}\n`}data: ${text}\n\n`;
  }
  flush();
  if (cutAfter !== Infinity && cutAfter <= hangAfter) response.socket?.destroySoon();
  else if (hangAfter === Infinity) response.end();
}
