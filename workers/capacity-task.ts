/** What runs in each process of `capacity-pool`. */
import { Agent as TlsAgent, get as getTls } from 'node:https';
import { Agent, get } from '../src/control/node-http.ts';

/** Milliseconds without a new answer after which there will be none: a machine that is busy may be slow, but goes on. */
const STALL_MS = 2_000;
/** Milliseconds for all answers. */
const LIMIT_MS = 10_000;

/**
 * Opens so many connections at once and asks on each of them; they stay open until this process ends. Returns how
 * many were answered.
 */
export function hold({ url, connections }: { url: string; connections: number }): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>();
  let answered = 0;
  let waiting = connections;
  const end = (): void => resolve(answered);
  const limit = setTimeout(end, LIMIT_MS);
  const stall = setTimeout(end, STALL_MS);
  for (let opened = 0; opened < connections; opened += 1) {
    ask(url, (ok) => {
      waiting -= 1;
      if (ok) answered += 1;
      if (ok) stall.refresh();
      if (waiting === 0) end();
    });
  }
  return promise.finally(() => [limit, stall].forEach(clearTimeout));
}

function ask(url: string, onAnswer: (ok: boolean) => void): void {
  const tls = url.startsWith('https:');
  // An agent of its own, so that it is a connection of its own.
  const agent = tls ? new TlsAgent({ keepAlive: true }) : new Agent({ keepAlive: true });
  const request = (tls ? getTls : get)(url, { agent }, (response) => {
    response.on('error', () => undefined).resume();
    onAnswer((response.statusCode ?? 500) < 500);
  });
  request.on('error', () => onAnswer(false));
}
