/** What a gateway answers by itself. Pure. */
import { STATUS_CODES } from '../control/node-http.ts';
import { describeError } from '../protocol/failure.ts';
import { headText } from './headers.ts';

export interface OwnAnswer {
  readonly status: number;
  /** For programs. */
  readonly code: string;
  readonly message: string;
}

export const bodyOf = (resource: string, { code, message }: OwnAnswer): string =>
  `${JSON.stringify({ error: { code, resource, message: `greenroom's gateway of ${resource}: ${message}` } })}\n`;

/** Headers of such an answer, of which the connection is closed after it. */
export const headersOf = (body: string): string[] => [
  'Content-Type',
  'application/json',
  'Content-Length',
  String(Buffer.byteLength(body)),
  'Connection',
  'close',
];

/** The whole answer, for a connection whose request could not be read. */
export function answerText(resource: string, answer: OwnAnswer): string {
  const body = bodyOf(resource, answer);
  return headText(answer.status, STATUS_CODES[answer.status] ?? '', headersOf(body)) + body;
}

/** What is wrong with a request that could not be read, by the code of Node's parser. */
export function unreadable(code: string | undefined, headTimeout: number): OwnAnswer {
  if (code === 'HPE_HEADER_OVERFLOW')
    return { status: 431, code: 'HEADERS_TOO_LARGE', message: 'the headers of the request have more than 64 KiB' };
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return { status: 408, code: 'REQUEST_TOO_SLOW', message: `the request did not come within ${headTimeout} ms` };
  return { status: 400, code: 'NOT_HTTP', message: `the request is no HTTP/1.1 (${code ?? 'unknown'})` };
}

export const noAnswer = (error: NodeJS.ErrnoException): OwnAnswer => ({
  status: 502,
  code: 'SERVER_GONE',
  message: `the server did not answer: ${describeError(error)}`,
});
