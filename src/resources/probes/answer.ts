/** What a probe is asked with and what it answers. */
import type { Endpoint, Endpoints, FunctionRef, Json } from '../../protocol/plan.ts';

/** What a probe needs to know. */
export interface ProbeContext {
  /** The resource the probe belongs to; a gate's probe has none. */
  readonly self?: Endpoint;
  /** Endpoints of what the resource or the gate needs, by alias. */
  readonly needs: Endpoints;
  /** For how many workers there must be room, for `capacity`; more may come while it is asked. */
  readonly workers?: () => number | undefined;
  /** Directory of the config file. */
  readonly root: string;
  /** The plan's environment, for `exec`. */
  readonly env: Readonly<Record<string, string>>;
  /** The resource's log, for `log`. */
  readonly logFile?: string;
  /** Where in the log to begin, default 0. */
  readonly logFrom?: number;
  readonly signal: AbortSignal;
  /** Runs a function of the user's config in the config host. */
  call(fn: FunctionRef, args: readonly Json[], timeout: number): Promise<Json>;
  /** Told what a failed try said. */
  onAnswer?(text: string): void;
}

/** What one try said. */
export interface Answer {
  readonly ok: boolean;
  /** It is no answer: the resource could not be asked, or the check itself failed. */
  readonly threw?: true;
  /** Where a good answer is a number. */
  readonly generation?: number;
  /** What it found out, for the endpoint: the literal host that answered, the named groups of a log line. */
  readonly fields: Readonly<Record<string, string>>;
  /** For people: which address was asked and what it said. */
  readonly answer: string;
}

const LONGEST_VALUE = 200;

/** The one rule for what a user's predicate or a query may say: true, or a number above 0, which is a generation. */
export function verdict(subject: string, value: unknown): Answer {
  const ok = typeof value === 'number' ? value > 0 : Boolean(value);
  const answer = `${subject} answered ${JSON.stringify(value).slice(0, LONGEST_VALUE)}`;
  return { ok, fields: {}, answer, ...(ok && typeof value === 'number' ? { generation: value } : {}) };
}
