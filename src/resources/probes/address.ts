/** Which literal addresses a probe asks: never `localhost`, which is 127.0.0.1 to one program and ::1 to the next. */
import { addressText, bare, type Address } from '../../protocol/address.ts';
import { describeError, GreenroomError, isGreenroomError } from '../../protocol/failure.ts';
import type { Endpoint, ProbeTiming } from '../../protocol/plan.ts';
import type { Answer, ProbeContext } from './answer.ts';
import { tryTimeout, withLimit } from './timing.ts';

const LOOPBACK = ['127.0.0.1', '[::1]'] as const;

const DEFAULT_PORTS: Readonly<Record<string, number>> = {
  'http:': 80,
  'https:': 443,
  'postgres:': 5432,
  'postgresql:': 5432,
  'redis:': 6379,
  'rediss:': 6379,
};

/** One address to ask. */
export interface Target extends Address {
  /** The endpoint's url with this address in it. */
  readonly url: URL;
}

/** A probe that asks an address: of the resource itself, or of another one by alias. */
interface Addressed extends ProbeTiming {
  readonly probe: string;
  readonly of?: string;
  readonly port?: number;
}

/**
 * Asks the addresses of the probe's endpoint one after the other, until one gives a good answer. The literal address
 * that answered becomes a field, where the probe is about the resource itself.
 *
 * @param scheme Of the url, where the endpoint has none.
 */
export async function askAddresses(
  probe: Addressed,
  ctx: ProbeContext,
  scheme: string,
  ask: (target: Target, signal: AbortSignal) => Promise<Answer>,
): Promise<Answer> {
  const endpoint = endpointOf(probe.of, ctx);
  const targets = targetsOf(endpoint, scheme, probe.port);
  const share = tryTimeout(probe) / targets.length;
  const refusals: string[] = [];
  let answered = false;
  for (const target of targets) {
    try {
      const answer = await withLimit(share, ctx.signal, (signal) => ask(target, signal));
      if (answer.ok) {
        return probe.of === undefined
          ? { ...answer, fields: { ...answer.fields, ...literal(endpoint, target) } }
          : answer;
      }
      answered = true;
      refusals.push(answer.answer);
    } catch (error) {
      ctx.signal.throwIfAborted();
      if (isGreenroomError(error)) throw error;
      refusals.push(`${probe.probe} ${addressText(target)}: ${describeError(error)}`);
    }
  }
  return { ok: false, ...(answered ? {} : { threw: true }), fields: {}, answer: refusals.join('; ') };
}

export function endpointOf(alias: string | undefined, ctx: ProbeContext): Endpoint {
  const endpoint = alias === undefined ? ctx.self : ctx.needs[alias];
  if (endpoint !== undefined) return endpoint;
  throw new GreenroomError({
    code: 'CONFIG_INVALID',
    message:
      alias === undefined
        ? 'a probe of a gate must name the resource it asks'
        : `the probe asks "${alias}", which is not among the needs (${Object.keys(ctx.needs).join(', ') || 'none'})`,
    hint: 'give the alias under which the resource stands in `needs` as the first argument of the probe',
  });
}

export function targetsOf(endpoint: Endpoint, scheme: string, port: number | undefined): readonly Target[] {
  const base = baseUrl(endpoint, scheme, port);
  const hosts = base.hostname === 'localhost' ? LOOPBACK : [base.hostname];
  return hosts.map((host) => {
    const url = new URL(base);
    if (host !== '') url.hostname = host;
    const known = Number(url.port) || (DEFAULT_PORTS[url.protocol] ?? 0);
    return { host: bare(host), port: known, url };
  });
}

function baseUrl(endpoint: Endpoint, scheme: string, port = endpoint.port): URL {
  if (endpoint.url !== undefined) {
    const url = new URL(endpoint.url);
    if (port !== undefined) url.port = String(port);
    return url;
  }
  if (port === undefined) {
    throw new GreenroomError({
      code: 'CONFIG_INVALID',
      message: `the ${scheme} probe has no port to ask: the resource has neither a port nor a url`,
      hint: 'give the resource a `port`, or use a `log` or `check` probe',
    });
  }
  return new URL(`${scheme}://${addressText({ host: endpoint.host ?? 'localhost', port })}`);
}

/** The endpoint's own address, made literal. */
function literal(endpoint: Endpoint, { host, url }: Target): Readonly<Record<string, string>> {
  if (host === '') return {}; // a url that names a unix socket
  if (endpoint.url === undefined) return { host };
  return { host, url: endpoint.url.endsWith('/') ? url.href : url.href.replace(/\/$/, '') };
}
