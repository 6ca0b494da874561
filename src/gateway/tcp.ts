/** One port of a gateway in front of any TCP server, such as a database. */
import { connect, createServer, type Server, type Socket } from 'node:net';
import { describeError } from '../protocol/failure.ts';
import type { Address } from '../protocol/address.ts';
import { faultFor, type Core } from './core.ts';
import { held } from './entrance.ts';
import { joined } from './join.ts';

/** @param slot whose port it is */
export function tcpServer(core: Core, upstream: Address, slot?: number): Server {
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true }, (client) => {
    void connection(core, upstream, slot, client);
  });
  return server;
}

async function connection(core: Core, upstream: Address, slot: number | undefined, client: Socket): Promise<void> {
  const draft = core.book.begin({ resource: core.resource, slot });
  const gone = new AbortController();
  client.on('error', () => undefined);
  client.once('close', () => {
    draft.close('client-gone');
    gone.abort();
  });
  const fault = faultFor(core, draft);
  if (await held(fault, draft, client, gone.signal)) {
    // So that its end is seen.
    client.resume();
    client.once('end', () => client.end());
    return;
  }
  const server = connect({ ...upstream, allowHalfOpen: true, noDelay: true });
  const failed = (error: Error): void => {
    draft.close('server-gone', describeError(error));
    client.destroy();
  };
  server.once('error', failed);
  gone.signal.addEventListener('abort', () => server.destroy(), { once: true });
  server.once('connect', () => {
    server.off('error', failed);
    server.on('error', () => undefined);
    joined(draft, client, server, fault);
  });
}
