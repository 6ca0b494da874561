import type { IncomingMessage } from 'node:http';
import { request as requestPlain } from '../../control/node-http.ts';
import { MAX_LINE_BYTES } from '../../protocol/messages.ts';
import type { ProbePlan } from '../../protocol/plan.ts';
import { askAddresses } from './address.ts';
import { verdict, type Answer, type ProbeContext } from './answer.ts';
import { tryTimeout } from './timing.ts';

type HttpProbe = Extract<ProbePlan, { probe: 'http' }>;

/** Longest body a predicate is given; it travels to the config host in one message. */
const MAX_BODY = MAX_LINE_BYTES / 2;

/** Passes when a GET is answered with the status, the header and the JSON that are asked for. */
export function askHttp(probe: HttpProbe, ctx: ProbeContext): Promise<Answer> {
  return askAddresses(probe, ctx, 'http', async (target, signal) => {
    const url = new URL(probe.path, target.url);
    const subject = `GET ${url.href}:`;
    const response = await get(url, signal);
    const refusal = unexpected(probe, response);
    if (refusal === undefined && probe.keep === true) {
      return { ok: true, fields: { body: await bodyOf(response) }, answer: `${subject} answered` };
    }
    if (refusal !== undefined || probe.json === undefined) {
      discard(response, tryTimeout(probe));
      return {
        ok: refusal === undefined,
        fields: {},
        answer: `${subject} ${refusal ?? `answered ${response.statusCode}`}`,
      };
    }
    const body = parse(await bodyOf(response));
    return verdict(`${subject} the predicate`, await ctx.call(probe.json, [body], tryTimeout(probe)));
  });
}

/** A connection of its own for each try: one kept alive would hold up a server that closes. */
function get(url: URL, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    // Loaded by whoever needs it.
    const send = url.protocol === 'https:' ? process.getBuiltinModule('node:https').request : requestPlain;
    const request = send(url, { agent: false, signal, headers: { accept: '*/*' } }, (response) => {
      // After the headers it is the reader who is told of a broken connection.
      response.on('error', () => undefined);
      resolve(response);
    });
    request.on('error', reject);
    request.end();
  });
}

function unexpected(probe: HttpProbe, response: IncomingMessage): string | undefined {
  const { statusCode: status = 0 } = response;
  const statusFits = probe.status === undefined ? status >= 200 && status < 300 : status === probe.status;
  if (!statusFits) return `answered ${status}${probe.status === undefined ? '' : `, not ${probe.status}`}`;
  if (probe.header === undefined) return undefined;
  const [name, wanted] = probe.header;
  const got = response.headers[name.toLowerCase()];
  return got === wanted ? undefined : `answered ${status} with ${name}: ${got?.toString() ?? '(none)'}, not ${wanted}`;
}

/** Reads the rest to the end, so that the server does not see a broken connection, but not for ever. */
function discard(response: IncomingMessage, ms: number): void {
  const timer = setTimeout(() => response.destroy(), ms).unref();
  response.once('close', () => clearTimeout(timer));
  response.resume();
}

async function bodyOf(response: IncomingMessage): Promise<string> {
  let body = '';
  response.setEncoding('utf8');
  for await (const chunk of response as AsyncIterable<string>) {
    body += chunk;
    if (body.length > MAX_BODY) throw new Error(`the body is longer than ${MAX_BODY} characters`);
  }
  return body;
}

function parse(body: string): never {
  try {
    return JSON.parse(body) as never;
  } catch (error) {
    throw new Error(`the body is not JSON: ${JSON.stringify(body.slice(0, 80))}`, { cause: error });
  }
}
