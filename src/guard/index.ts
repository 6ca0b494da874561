/** `guard`: a circuit breaker for a user's own calls to an endpoint, one for each worker. */
import { BrokenCircuitError, circuitBreaker, CircuitState, ConsecutiveBreaker, handleAll } from 'cockatiel';
import { addressText } from '../protocol/address.ts';
import { describeError, GreenroomError } from '../protocol/failure.ts';
import type { Endpoint } from '../protocol/plan.ts';

/** When a circuit opens, and when it is tried again. Calls with other options have a circuit of their own. */
export interface GuardOptions {
  /** Failures in a row that open it, default 5. */
  readonly threshold?: number;
  /** Milliseconds until one call is let through to see, default 1 000. */
  readonly halfOpenAfter?: number;
}

/** A circuit as it is now. */
export interface Circuit {
  /** `open`: calls are refused; `half-open`: one call is let through, and decides. */
  readonly state: 'closed' | 'half-open' | 'open';
  /** In a row, up to now. */
  readonly failures: number;
  /** Calls that were refused. */
  readonly refused: number;
}

const STATES: Readonly<Record<CircuitState, Circuit['state']>> = {
  [CircuitState.Closed]: 'closed',
  [CircuitState.Open]: 'open',
  [CircuitState.HalfOpen]: 'half-open',
  [CircuitState.Isolated]: 'open',
};

/**
 * Runs a call, unless the calls to this endpoint from this worker have failed too often in a row: then it is refused
 * at once, until one call that is let through has succeeded. What the call throws is a failure, and is thrown on.
 *
 * A worker knows only its own calls: where twelve share one circuit, calls that fail by turns in each of them open it
 * for all. An endpoint that was started anew (its `epoch`) has a new circuit.
 *
 * @throws GreenroomError CIRCUIT_OPEN, with the last failure as its cause
 */
export async function guard<T>(endpoint: Endpoint, call: () => Promise<T> | T, options: GuardOptions = {}): Promise<T> {
  const guarded = guardedOf(endpoint, options);
  try {
    return await guarded.policy.execute(async () => {
      try {
        const value = await call();
        guarded.failures = 0;
        return value;
      } catch (error) {
        guarded.failures += 1;
        guarded.last = error;
        throw error;
      }
    });
  } catch (error) {
    if (!(error instanceof BrokenCircuitError)) throw error;
    guarded.refused += 1;
    throw refusal(endpoint, guarded);
  }
}

/** The circuit of an endpoint in this worker. */
export function circuitOf(endpoint: Endpoint, options: GuardOptions = {}): Circuit {
  const { policy, failures, refused } = guardedOf(endpoint, options);
  return { state: STATES[policy.state], failures, refused };
}

interface Guarded {
  readonly policy: ReturnType<typeof circuitBreaker>;
  failures: number;
  refused: number;
  /** What the last call that failed has thrown. */
  last: unknown;
}

/** On `process`, because a worker may load this module more than once, for each of its files. */
const KEY = Symbol.for('greenroom.circuits');
const place = process as unknown as { [KEY]?: Map<string, Guarded> };

function guardedOf(endpoint: Endpoint, { threshold = 5, halfOpenAfter = 1_000 }: GuardOptions): Guarded {
  const circuits = (place[KEY] ??= new Map<string, Guarded>());
  const key = JSON.stringify([endpoint.url, endpoint.host, endpoint.port, endpoint['epoch'], threshold, halfOpenAfter]);
  const known = circuits.get(key);
  if (known !== undefined) return known;
  const policy = circuitBreaker(handleAll, { halfOpenAfter, breaker: new ConsecutiveBreaker(threshold) });
  const guarded: Guarded = { policy, failures: 0, refused: 0, last: undefined };
  circuits.set(key, guarded);
  return guarded;
}

function refusal(endpoint: Endpoint, { failures, last }: Guarded): GreenroomError {
  const message = `calls to ${whereIs(endpoint)} are refused: ${failures} in a row have failed, the last one with: ${describeError(last)}`;
  const hint = 'look at the first of these failures; one call is let through again after `halfOpenAfter`';
  // With the error itself as its cause, so that what could not be reached is judged as without a guard.
  return Object.assign(new GreenroomError({ code: 'CIRCUIT_OPEN', message, hint }), { cause: last });
}

/** Without credentials. */
function whereIs({ host, port, url }: Endpoint): string {
  if (host !== undefined && port !== undefined) return addressText({ host, port });
  return (url === undefined ? undefined : URL.parse(url)?.host) ?? 'the endpoint';
}
