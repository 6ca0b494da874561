import type { Failure } from '../protocol/failure.ts';

/** What the main process tells the workers of its run. JSON. */
export type Joined =
  | {
      /** Where the coordinator is found. */
      readonly file: string;
      readonly run: string;
      readonly gates: readonly string[];
      /** Milliseconds after which not even the coordinator's own deadlines can have been kept. */
      readonly patience: number;
    }
  /** There is no infrastructure: every file is told why. */
  | { readonly failure: Failure };
