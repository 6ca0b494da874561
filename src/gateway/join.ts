import type { Socket } from 'node:net';
import { describeError } from '../protocol/failure.ts';
import type { Draft } from './draft.ts';
import type { Effect } from './fault.ts';
import { paceOf } from './pace.ts';

/** Passes bytes between two connections, each of which may end its own half first, until both are closed. */
export function joined(draft: Draft, client: Socket, server: Socket, effect: Effect | undefined): void {
  const both = [client, server];
  const pace = paceOf(effect, () => {
    draft.close('truncated', 'as scripted');
    client.destroySoon();
  });
  client.on('data', (chunk: Buffer) => draft.request.add(chunk));
  server.on('data', (chunk: Buffer) => draft.response.add(chunk));
  client.once('end', () => draft.requestEnded());
  server.once('error', (error) => draft.close('server-gone', describeError(error)));
  client.once('error', () => draft.close('client-gone'));
  pace?.on('error', () => undefined);
  client.pipe(server);
  if (pace === undefined) server.pipe(client);
  else server.pipe(pace).pipe(client);
  for (const socket of both) {
    // Before those who took the client's end for one that left: of a connection, either side may be the one that ends it.
    socket.prependOnceListener('close', () => {
      draft.close('complete');
      pace?.destroy();
      for (const other of both) other.destroySoon();
    });
  }
}
