/** An interval in which a resource was not healthy, with its evidence. JSON, part of the generation's state. */
import type { Failure } from './failure.ts';

/** What a check found that did not pass: the probe threw or could not be asked, or it was asked and said no. */
export type Unhealthy = 'check-error' | 'reported';

/** One check of a resource's health that did not pass. */
export interface FailedCheck {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly what: Unhealthy;
  /** What the probe said. */
  readonly answer: string;
}

export interface Incident {
  /** `I-1`, `I-2` …: numbered in the generation. */
  readonly id: string;
  readonly resource: string;
  /** Whose own part of it, where it was not the whole; and that lease's slot. */
  readonly lease?: string;
  readonly slot?: number;
  /** When it was noticed, in milliseconds since the epoch; what it did to specs may be some moments older. */
  readonly from: number;
  /** When the resource was ready again, or what was lost was nobody's any more. */
  readonly until?: number;
  /** What told of it first: an end of its process or the like, or a check. */
  readonly noticed: 'lost' | Unhealthy;
  /** First evidence: the code, what happened, and the last log lines. */
  readonly failure: Failure;
  /** Who stopped it, where that is known (`lease 12, pid 4121`), and when. */
  readonly stopped?: { readonly by: string; readonly at: number };
  /** Checks that did not pass, the first of them. */
  readonly checks: readonly FailedCheck[];
  /** How often it was brought back since. */
  readonly restarts: number;
  /** It was given up: why. */
  readonly gaveUp?: Failure;
  /** `host:port` of what was not healthy. */
  readonly addresses: readonly string[];
}
