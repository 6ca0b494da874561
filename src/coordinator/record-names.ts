/** Files in the log directory of a generation, and what stands in them. */

export const PLAN_RECORD = 'plan.json';
export const LOG_MARKS = 'log-marks.ndjson';

/** How long a resource's log was when this became of it. */
export interface LogMark {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly kind: 'ready' | 'failed' | 'cleaned';
  readonly resource: string;
  readonly bytes: number;
}
