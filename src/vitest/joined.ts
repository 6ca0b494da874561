import type { Failure } from '../protocol/failure.ts';
import type { SliceUnit } from '../protocol/plan.ts';

/** What a spec file asks for in its docblock. A list that is missing was not given. */
export interface Docblock {
  /** `@needs db, llm`: resources. Empty: none. */
  readonly needs?: readonly string[];
  /** `@gates catalog`: what the whole file is held for. Empty: nothing; its specs can still be held one by one. */
  readonly gates?: readonly string[];
  /** What is wrong with the docblock: this file fails with it, and no other. */
  readonly failure?: Failure;
}

/** What the main process tells the workers of its run. JSON. */
export type Joined =
  | {
      /** Where the coordinator is found. */
      readonly file: string;
      readonly run: string;
      /** Resource name → itself and all that it needs, directly or not. The suite is not among them. */
      readonly resources: Readonly<Record<string, readonly string[]>>;
      /** Gate name → all that it needs, directly or not. */
      readonly gates: Readonly<Record<string, readonly string[]>>;
      /** Resource name → who has a part of it of their own; what all share is not listed. */
      readonly slices: Readonly<Record<string, SliceUnit>>;
      /** Resources whose parts are brought back after each spec to how they were made. */
      readonly resets: readonly string[];
      /** Absolute path of a spec file → its docblock; files without one are not listed. */
      readonly docblocks: Readonly<Record<string, Docblock>>;
      /** Absolute path of the suite module, where the config names one. */
      readonly suite?: string;
      /** Specs that failed for the infrastructure are tried once more. */
      readonly retry?: 'infra';
      /** Milliseconds after which not even the coordinator's own deadlines can have been kept. */
      readonly patience: number;
    }
  /** No selected file needs anything, so that nothing was joined: this run has no leases, slots or gates. */
  | {
      readonly docblocks: Readonly<Record<string, Docblock>>;
      /** As above: for who asks for one all the same. */
      readonly resources?: Readonly<Record<string, readonly string[]>>;
    }
  /** There is no infrastructure: every file is told why. */
  | { readonly failure: Failure };
