/** What a gateway knows of one request and its answer, or of one connection. All durations in milliseconds. Pure. */
import type { FaultKind } from './fault.ts';

/**
 * How it ended: `complete`; `client-gone` or `server-gone` before there was an answer to the end; `truncated`: the
 * server, or a fault, broke off in the middle of the answer; `refused` by the gateway itself, which `error` explains;
 * `open`: it goes on.
 */
export type End = 'open' | 'complete' | 'client-gone' | 'server-gone' | 'truncated' | 'refused';

export interface Exchange {
  /** Unique among all gateways. */
  readonly id: string;
  /** The exchange at another gateway that this one was made for, where the service between them passes `baggage` on. */
  readonly via?: string;
  readonly resource: string;
  /** Whose it is, where that is known. */
  readonly slot?: number;
  readonly spec?: string;
  /** When the head of the request was there, or the connection: milliseconds since 1970. */
  readonly at: number;
  /** Of HTTP only. */
  readonly method?: string;
  /** With the query, secrets masked. */
  readonly path?: string;
  /** What the client was told. */
  readonly status?: number;
  /** Time spent waiting for a turn at the server. */
  readonly queued: number;
  /** From `at` to the end of the request's body. */
  readonly requestEnd?: number;
  /** From `at` to the head of the answer. */
  readonly responseHead?: number;
  /** From `at` to the end, or until now. */
  readonly duration: number;
  readonly requestBytes: number;
  readonly responseBytes: number;
  /** The answer's Content-Length. */
  readonly declaredBytes?: number;
  readonly end: End;
  /** What a script has done to it. */
  readonly fault?: FaultKind;
  readonly error?: string;
  /** The beginnings of the bodies, secrets masked. */
  readonly requestBody?: string;
  readonly responseBody?: string;
}
