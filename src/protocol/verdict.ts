import type { Code } from './codes.ts';

/** What a spec that did not pass is put down to. */
export type Verdict = 'LOGIC' | 'INFRA' | 'UNSURE' | 'NEVER_RAN';

/** One fact a verdict rests on. */
export interface Evidence {
  /** Where it comes from: `gate`, `join`, `coordinator`, `resource`, `suite`, `address`, `traffic`, `run`. */
  readonly kind: string;
  readonly text: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** Stands in `task.meta.greenroom` of a file or spec, and so in the JSON report and in blobs. */
export interface VerdictMeta {
  readonly v: 1;
  readonly verdict: Verdict;
  /** The failure's code; a LOGIC verdict has none. */
  readonly code?: Code;
  readonly incident?: string;
  readonly evidence: readonly Evidence[];
}
