/** How a process of ours is controlled: JSON over HTTP on a socket that only its user can open. */
import { once } from 'node:events';
import { chmodSync } from 'node:fs';
import type { Server } from 'node:http';
import { createServer } from './node-http.ts';
import { readBody } from './read-body.ts';

/** What is asked cannot be done; the message says why. */
export class Refused extends Error {}

/** Bytes of a question: what a mock LLM is to say can be long. */
const LONGEST = 64 * 2 ** 20;

/**
 * Listens on a path. Answers 400 to what `act` refuses, 500 to what else goes wrong there.
 *
 * @param act is given the path of the request and its JSON, unchecked
 */
export async function listenForControl(
  socket: string,
  act: (path: string, question: unknown) => Promise<unknown>,
): Promise<Server> {
  const server = createServer((request, response) => {
    const answer = (status: number, value: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value ?? null));
    };
    readBody(request, LONGEST)
      .then((text) => act(request.url ?? '', parsed(text)))
      .then(
        (value) => answer(200, value),
        (error: unknown) => answer(error instanceof Refused ? 400 : 500, { error: (error as Error).message }),
      );
  });
  server.listen(socket);
  await once(server, 'listening');
  chmodSync(socket, 0o600);
  return server;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refused('a question is JSON');
  }
}
