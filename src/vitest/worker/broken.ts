/**
 * Says where a request went that failed: Node does so for a connection that was refused, and not for one that broke.
 * The fields are those that it has, and are not listed, so that specs which compare errors see no difference.
 */
import { subscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';
import { addressOfUrl, addressText } from '../../protocol/address.ts';
import { current } from './current.ts';

/** From here on, of requests to endpoints of this worker. Once a worker. */
export function addressBroken(): void {
  subscribe('undici:request:error', (message) => {
    const { request, error } = message as { readonly request: { readonly origin?: unknown }; readonly error: unknown };
    address(error, String(request.origin));
  });
  subscribe('http.client.request.error', (message) => {
    const { request, error } = message as { readonly request: ClientRequest; readonly error: unknown };
    address(error, `http://${String(request.getHeader('host'))}`);
  });
}

function address(error: unknown, url: string): void {
  const at = addressOfUrl(url);
  if (at === undefined || current.membership?.isAt(addressText(at)) !== true) return;
  if (!(error instanceof Error) || 'port' in error || !Object.isExtensible(error)) return;
  Object.defineProperties(error, { address: { value: at.host }, port: { value: at.port } });
}
