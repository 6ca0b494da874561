/** A gateway: its ports, and what they share. */
import type { AddressInfo, Server, Socket } from 'node:net';
import { Book } from './book.ts';
import type { Address } from '../protocol/address.ts';
import type { Core } from './core.ts';
import { httpServer } from './http.ts';
import { Scripts } from './scripts.ts';
import { tcpServer } from './tcp.ts';
import { Turns, type Limits } from './turns.ts';

/** What a gateway is told when it is started. */
export interface GatewaySettings {
  readonly resource: string;
  readonly protocol: 'http' | 'tcp';
  readonly upstream: Address;
  /** Whose the whole resource is. */
  readonly slot?: number;
  /** Path of the socket on which it is controlled. */
  readonly control: string;
  /** The file that records are added to. */
  readonly records: string;
  readonly limits?: Limits;
  /** Bytes of each body that are kept. */
  readonly keepBodies: number;
  /** Milliseconds in which the head of a request must have come. */
  readonly headTimeout: number;
}

/** A port. */
export interface Door {
  readonly port: number;
  /** Breaks off what goes through it. */
  close(): Promise<void>;
}

/** The address that all ports are on. */
export const HOST = '127.0.0.1';

export class Gateway {
  readonly book: Book;
  readonly scripts = new Scripts();
  readonly protocol: GatewaySettings['protocol'];
  private readonly core: Core;
  private readonly doors = new Map<string, { readonly door: Door; readonly slot: number | undefined }>();

  constructor({ resource, protocol, records, limits, keepBodies, headTimeout }: GatewaySettings) {
    this.book = new Book(records, keepBodies);
    this.protocol = protocol;
    const turns = limits === undefined ? undefined : new Turns(limits);
    this.core = { resource, book: this.book, scripts: this.scripts, turns, headTimeout };
  }

  /** Opens a port of the system's choice. Opening a name twice opens one port. */
  async open(name: string, upstream: Address, slot?: number): Promise<Door> {
    const known = this.doors.get(name);
    if (known !== undefined) return known.door;
    const server = (this.protocol === 'http' ? httpServer : tcpServer)(this.core, upstream, slot);
    const door = await listening(server);
    this.doors.set(name, { door, slot });
    return door;
  }

  /** The faults of its slot go with it. */
  async shut(name: string): Promise<void> {
    const { door, slot } = this.doors.get(name) ?? {};
    this.doors.delete(name);
    if (slot !== undefined) this.scripts.clear({ slot });
    await door?.close();
  }

  async close(): Promise<void> {
    await Promise.all([...this.doors.keys()].map((name) => this.shut(name)));
    this.book.close();
  }
}

async function listening(server: Server): Promise<Door> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    // 511, Node's default, is what bursts of many workers overrun.
    server.listen({ host: HOST, port: 0, backlog: 4_096 }, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        sockets.forEach((socket) => socket.destroy());
      }),
  };
}
