/** How a gateway is controlled: JSON over HTTP on a socket that only its user can open. */
import { chmodSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { RAW_KINDS } from './fault.ts';
import type { Gateway } from './gateway.ts';
import type { Asked } from './schema.ts';

/** Bytes of a question. */
const BODY_MOST = 2 ** 20;

/** What was asked cannot be done; the message says why. */
class Refused extends Error {}

type Handlers = { readonly [P in keyof Asked]: (asked: Asked[P]) => unknown };

/** Listens on a path. `ready` is what `GET /` answers. */
export async function controlled(gateway: Gateway, path: string, ready: object): Promise<Server> {
  const handlers: Handlers = {
    '/open': async ({ name, upstream, slot }) => ({ port: (await gateway.open(name, upstream, slot)).port }),
    '/shut': ({ name }) => gateway.shut(name),
    '/exchanges': (question) => gateway.book.find(question),
    '/fault': ({ slot, fault }) => {
      if (gateway.protocol === 'tcp' && !RAW_KINDS.has(fault.kind))
        throw new Refused(`a raw connection can have no \`${fault.kind}\`: ${[...RAW_KINDS].join(', ')}`);
      if (gateway.protocol === 'tcp' && fault.spec !== undefined)
        throw new Refused('a raw connection does not say which spec it is of; leave `spec` out');
      gateway.scripts.add(slot, fault);
    },
    '/clear': (whose) => gateway.scripts.clear(whose),
  };
  const server = createServer((request, response) => {
    const answer = (status: number, value: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(value ?? null));
    };
    if (request.method === 'GET') {
      answer(200, ready);
      return;
    }
    handle(handlers, request).then(
      (value) => answer(200, value),
      (error: unknown) => answer(error instanceof Refused ? 400 : 500, { error: (error as Error).message }),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  chmodSync(path, 0o600);
  return server;
}

async function handle(handlers: Handlers, request: IncomingMessage): Promise<unknown> {
  const { url = '' } = request;
  // Not at the start, which it would make twice as long.
  const { schemas, complaint } = await import('./schema.ts');
  if (!Object.hasOwn(handlers, url)) throw new Refused(`there is no ${url} here`);
  const path = url as keyof Asked;
  const checked = schemas[path].safeParse(await json(request));
  if (!checked.success) throw new Refused(complaint(checked.error));
  return (handlers[path] as (asked: unknown) => unknown)(checked.data);
}

async function json(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) {
    text += chunk as string;
    if (text.length > BODY_MOST) throw new Refused(`a question has at most ${BODY_MOST} bytes`);
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new Refused('a question is JSON');
  }
}
