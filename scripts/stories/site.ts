import { createServer } from 'node:net';
import { podman } from './images.ts';

/** A server outside of all build contexts that says its version to who connects. */
export interface Site {
  /** Its address for the steps of a build. */
  readonly gateway: string;
  readonly port: number;
  publish(version: string): void;
}

/** Runs it for as long as `act` takes. */
export async function withSite<T>(act: (site: Site) => Promise<T>): Promise<T> {
  let version = 'v1';
  // On all addresses: a build's steps reach this machine by that of their network.
  const server = createServer((socket) => socket.end(`${version}\n`)).listen(0);
  try {
    const { stdout } = await podman('network', 'inspect', 'podman', '--format', '{{(index .Subnets 0).Gateway}}');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('the site does not listen');
    return await act({ gateway: stdout.trim(), port: address.port, publish: (next) => void (version = next) });
  } finally {
    server.close();
  }
}
