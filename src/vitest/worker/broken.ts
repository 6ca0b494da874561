/**
 * Says where a connection led that broke: Node does so for one that was refused, and not for one that was reset. Of any
 * client, because all of them use its sockets. The fields are those that it has, and are not listed, so that specs
 * which compare errors see no difference.
 */
import { subscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';
import type { Socket } from 'node:net';
import { addressOfUrl, addressText, type Address } from '../../protocol/address.ts';
import { current } from './current.ts';

/** From here on, of connections to endpoints of this worker. Once a worker. */
export function addressBroken(): void {
  subscribe('net.client.socket', (message) => watch((message as { readonly socket: Socket }).socket));
  // `socket hang up` is no error of the socket.
  subscribe('http.client.request.error', (message) => {
    const { request, error } = message as { readonly request: ClientRequest; readonly error: unknown };
    address(error, addressOfUrl(`http://${String(request.getHeader('host'))}`));
  });
}

/** Its `close` comes in the same turn as its error, before anybody who awaits something hears of that. */
function watch(socket: Socket): void {
  let at: Address | undefined;
  socket.once('connect', () => {
    const { remoteAddress: host, remotePort: port } = socket;
    if (host !== undefined && port !== undefined) at = { host, port };
  });
  socket.once('close', () => address(socket.errored, at));
}

function address(error: unknown, at: Address | undefined): void {
  if (at === undefined || !(error instanceof Error) || 'port' in error || !Object.isExtensible(error)) return;
  if (current.membership?.isAt(addressText(at)) !== true) return;
  Object.defineProperties(error, { address: { value: at.host }, port: { value: at.port } });
}
