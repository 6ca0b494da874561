/** What a run's reporter saw, in words that no runner owns: what verdicts, counts and the exit code are made of. */
import type { Failure } from '../protocol/failure.ts';
import type { Incident } from '../protocol/incident.ts';
import type { VerdictMeta } from '../protocol/verdict.ts';

/** What the runner said last about a spec. `none`: nothing at all. */
export type Said = 'pass' | 'fail' | 'skip' | 'run' | 'none';

export interface SpecFacts {
  /** Unique in the run. */
  readonly id: string;
  /** With the names of the suites around it: `cart > adds an item`. */
  readonly name: string;
  readonly line?: number;
  /** It was to be skipped before anything ran: `test.skip`, `test.todo`, or left out by a filter. */
  readonly declaredSkip: boolean;
  readonly said: Said;
  /** Its hooks or its body began. */
  readonly began: boolean;
  /** The runner marked it because the run was cancelled. */
  readonly aborted: boolean;
  /** Its first error; those after it can be consequences of it. */
  readonly error?: ErrorFacts;
  readonly meta?: VerdictMeta;
  /** What its first try was put down to, where that alone has led to another. */
  readonly retried?: VerdictMeta;
  /** Ids of the suites it is in, the file's own id among them. */
  readonly within: readonly string[];
}

export interface ErrorFacts {
  readonly message: string;
  /** What to do next, where it says so. */
  readonly hint?: string;
}

/** A suite, or the file itself, that failed as such: in a hook, at the gate, or while it was loaded. */
export interface SuiteFacts {
  readonly id: string;
  /** Empty for the file itself. */
  readonly name: string;
  readonly error: ErrorFacts;
  readonly meta?: VerdictMeta;
}

export interface FileFacts {
  readonly id: string;
  /** Relative to the root of the Vitest process. */
  readonly path: string;
  /** A worker has read it and told what is in it. Otherwise its specs were counted by reading it. */
  readonly reached: boolean;
  /** The number of its specs is a guess: names that are only made when the file runs can stand for many. */
  readonly estimated: boolean;
  readonly broken: readonly SuiteFacts[];
  readonly specs: readonly SpecFacts[];
}

export interface RunFacts {
  readonly files: readonly FileFacts[];
  /** Why the run had to do without its infrastructure from the beginning. */
  readonly failure?: Failure;
  /** What was not well while specs ran. */
  readonly incidents: readonly Incident[];
  /** Losses of the coordinator while specs ran. */
  readonly losses: readonly Failure[];
  /** What no file could carry. */
  readonly reported: readonly Failure[];
  /** Why what was not begun is not begun any more: `bail after 1 failed`. */
  readonly ended?: string;
}
