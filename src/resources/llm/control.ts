/** How a mock LLM is told what to answer, on its control socket. */
import type { Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { listenForControl, Refused } from '../../control/server.ts';
import { bodyOf } from './asked.ts';
import type { Book, Scripter } from './book.ts';
import type { Scenario } from './scenario.ts';
import { createMockLlm } from './server.ts';

/** Listens for connections up to this many that wait to be accepted. */
export const BACKLOG = 4_096;

/** By their number, the ports that slots have. */
type Ports = Map<number, { readonly slot: number; readonly server: HttpServer }>;

/** Listens on a path. */
export async function controlled(book: Book, socket: string): Promise<void> {
  const ports: Ports = new Map();
  await listenForControl(socket, (path, order) => act(book, ports, path, order));
}

async function act(book: Book, ports: Ports, path: string, question: unknown): Promise<object> {
  // Loaded when the first one asks: the server itself is up as fast as Node is.
  const { orderSchema, scenarioIn } = await import('./control-schema.ts');
  const now = Date.now();
  const order = orderSchema(path)?.safeParse(question);
  if (order === undefined) throw new Refused(`there is no ${path}`);
  if (!order.success) throw new Refused(`${path}: ${order.error.issues.map(({ message }) => message).join('; ')}`);
  const asked = order.data as Order;
  switch (path) {
    case '/reply': {
      const { script, problem } = scenarioIn(asked.scenario);
      if (script === undefined) throw new Refused(problem);
      book.add(asked.who, script, now);
      return {};
    }
    case '/force-text':
      book.setForceText(asked.who, asked.on, now);
      return {};
    case '/calls': {
      const { calls, dropped } = book.calls(asked.who, now);
      return { calls: calls.map(({ text, ...call }) => ({ ...call, body: bodyOf(text) })), dropped };
    }
    case '/end':
      return { unused: book.end(asked.who, now) };
    case '/open':
      book.clear(asked.slot, now);
      return { port: await open(book, ports, asked.slot) };
    case '/close':
      close(ports, asked.port);
      // Another worker may have the slot by now, and a port of its own.
      if (![...ports.values()].some(({ slot }) => slot === asked.slot)) book.clear(asked.slot, now);
      return {};
    default:
      return book.report(asked.since);
  }
}

/** What each path is given; all are checked by then. */
interface Order {
  readonly who: Scripter;
  readonly scenario: Scenario;
  readonly on: boolean;
  readonly slot: number;
  readonly port: number;
  readonly since: number;
}

function open(book: Book, ports: Ports, slot: number): Promise<number> {
  const server = createMockLlm(book, slot);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port: 0, host: '127.0.0.1', backlog: BACKLOG }, () => {
      const { port } = server.address() as AddressInfo;
      ports.set(port, { slot, server });
      resolve(port);
    });
  });
}

function close(ports: Ports, port: number): void {
  const { server } = ports.get(port) ?? {};
  ports.delete(port);
  server?.close();
  server?.closeAllConnections();
}
