/** The mock LLM as an HTTP server. No dependencies: it is up as fast as Node is. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { BadRequest, complete, MODEL } from './completion.ts';

export function createMockLlm(): Server {
  return createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      // Nothing but a broken connection gets here, and then there is nobody to be told.
      response.destroy(error as Error);
    });
  });
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = 'GET' } = request;
  const { pathname } = new URL(request.url ?? '/', 'http://mock-llm');
  const body = await text(request);
  switch (`${method} ${pathname}`) {
    case 'GET /health':
      send(response, 200, { status: 'ok' });
      return;
    case 'GET /v1/models':
      send(response, 200, {
        object: 'list',
        data: [{ id: MODEL, object: 'model', created: 0, owned_by: 'greenroom' }],
      });
      return;
    case 'POST /v1/chat/completions':
      sendCompletion(response, body);
      return;
    default:
      sendError(response, 404, `Unknown request URL: ${method} ${pathname}.`, null);
  }
}

function sendCompletion(response: ServerResponse, body: string): void {
  try {
    send(response, 200, complete(body));
  } catch (error) {
    if (!(error instanceof BadRequest)) throw error;
    sendError(response, 400, error.message, error.param);
  }
}

function sendError(response: ServerResponse, status: number, message: string, param: string | null): void {
  send(response, status, { error: { message, type: 'invalid_request_error', param, code: null } });
}

function send(response: ServerResponse, status: number, value: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}
