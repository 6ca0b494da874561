import type { BuildFact } from '../protocol/build.ts';
import type { Failure } from '../protocol/failure.ts';
import type { FailedCheck } from '../protocol/incident.ts';
import type { ChaosAct, FinishReply, GateWait } from '../protocol/messages.ts';
import type { Endpoint } from '../protocol/plan.ts';

/** `keep`: that it stays when its holder is gone. `reset`: that it is as it was made. */
export type SliceAct = 'keep' | 'reset';

/** What became of a flush: nothing to say, counts, or why something may be lost. */
export interface FlushOutcome {
  readonly accepted?: number;
  readonly stored?: number;
  readonly failure?: Failure;
}

/** Everything that can happen to a generation. Each is handled alone, in one order, and stands in the event log. */
export type Event = { readonly at: number } &
  /** The last generation is reaped; infrastructure may start. */
  (
    | { readonly kind: 'elected' }
    | {
        readonly kind: 'joined';
        readonly lease: string;
        readonly role: 'runner' | 'worker';
        readonly run: string;
        readonly pid: number;
        readonly workers?: number;
      }
    | { readonly kind: 'left'; readonly lease: string }
    /** Another process takes part in a lease; from now on it is the one to be watched. */
    | { readonly kind: 'taken'; readonly lease: string; readonly pid: number }
    /** A run's specs are through. */
    | { readonly kind: 'finishing'; readonly member: string; readonly request: number }
    /** A member tells its run of a failure that no spec file can carry any more. */
    | { readonly kind: 'reported'; readonly lease: string; readonly failure: Failure }
    /** The kernel says that the member is stopped (state T), or runs again. */
    | { readonly kind: 'frozen'; readonly lease: string }
    | { readonly kind: 'thawed'; readonly lease: string }
    | {
        readonly kind: 'waiting';
        readonly member: string;
        readonly request: number;
        readonly resources: readonly string[];
        readonly gates: readonly GateWait[];
        /** The lease, where the member is its second connection. */
        readonly lease?: string;
        readonly unit?: 'file' | 'test';
        readonly timeout?: number;
        readonly exclusive?: readonly string[];
      }
    /** Nothing is in flight any more that these waits of a member have let through; null: none of its waits. */
    | { readonly kind: 'rested'; readonly member: string; readonly waits: readonly number[] | null }
    /** Something is to be done to a resource. `pid` of who asks, which has no lease where it is no member. */
    | {
        readonly kind: 'chaos.asked';
        readonly member: string;
        readonly request: number;
        readonly lease: string;
        readonly pid: number;
        readonly resource: string;
        readonly act: ChaosAct;
        readonly force: boolean;
      }
    /** It could not be done: what comes after is not its doing. `whose`: see `stoppedKey`. */
    | { readonly kind: 'chaos.failed'; readonly whose: string }
    /** A slice can be used; `made` of one that is being dropped comes too late. */
    | { readonly kind: 'slice.made'; readonly slice: string; readonly endpoint: Endpoint }
    | { readonly kind: 'slice.failed'; readonly slice: string; readonly failure: Failure }
    /** It went away by itself. What is left of it must be dropped. */
    | { readonly kind: 'slice.lost'; readonly slice: string; readonly failure: Failure }
    /** Nothing is left of it; `problems` is what could not be removed. */
    | { readonly kind: 'slice.dropped'; readonly slice: string; readonly problems?: readonly string[] }
    /** A file or a spec of this lease is over. */
    | { readonly kind: 'released'; readonly lease: string; readonly unit: 'file' | 'test' }
    /** Something is to be done with the slices of this lease while it goes on. */
    | {
        readonly kind: 'slices.asked';
        readonly member: string;
        readonly request: number;
        readonly lease: string;
        readonly act: SliceAct;
      }
    | { readonly kind: 'ready'; readonly resource: string; readonly endpoint: Endpoint }
    /** The start failed, or a ready resource was lost. What is left of it must be cleaned. */
    | {
        readonly kind: 'failed';
        readonly resource: string;
        readonly failure: Failure;
        /** Nothing can bring it back in its place. */
        readonly final?: true;
      }
    /** A check of a ready or unhealthy resource has ended; `problem` when it did not pass, with the log's last lines. */
    | {
        readonly kind: 'checked';
        readonly resource: string;
        readonly problem?: Omit<FailedCheck, 'at'> & Pick<Failure, 'log' | 'logFile'>;
      }
    /** A member waits until a resource was healed, or checked, so many times. */
    | {
        readonly kind: 'health.awaited';
        readonly member: string;
        readonly request: number;
        readonly resource: string;
        readonly what: 'healed' | 'checks';
        readonly atLeast: number;
        readonly timeout: number;
      }
    /** The teardown of a resource is complete; `problems` is what could not be removed. */
    | { readonly kind: 'cleaned'; readonly resource: string; readonly problems?: readonly string[] }
    /** A resource was asked to store what it has accepted. */
    | ({ readonly kind: 'flushed'; readonly resource: string } & FlushOutcome)
    /** An image can be used. */
    | { readonly kind: 'built'; readonly resource: string; readonly fact: BuildFact }
    /** A gate's probe passed. */
    | { readonly kind: 'gate.passed'; readonly gate: string; readonly generation?: number }
    /** A gate's probe failed; only a changed answer is an event. */
    | { readonly kind: 'gate.refused'; readonly gate: string; readonly answer: string }
    /** A gate's probe cannot be asked, now or later: who waits for it is told at once. */
    | { readonly kind: 'gate.failed'; readonly gate: string; readonly failure: Failure }
    | { readonly kind: 'hold'; readonly resources: readonly string[] }
    | { readonly kind: 'retry' }
    /** Stop now, whoever uses it: `down`, or SIGTERM to the coordinator. */
    | { readonly kind: 'stop'; readonly reason: string }
    | { readonly kind: 'timer'; readonly timer: string }
    /** Facts for people and reports; they change nothing. A lasting one is told for as long as its subject is ready. */
    | { readonly kind: 'note'; readonly subject: string; readonly text: string; readonly lasting?: true }
  );

/** Omits a key of each member of a union. */
type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

/** An event before the dispatcher has stamped its time. */
export type NewEvent = Without<Event, 'at'>;

/** What the reducer wants done; carried out at the edge, in order. */
export type Effect =
  | { readonly do: 'start'; readonly resource: string; readonly epoch: number }
  /** Bring it back in its place. What becomes of it comes as `ready` or `failed`. */
  | { readonly do: 'restart'; readonly resource: string; readonly epoch: number; readonly failure: Failure }
  /** Ask its probe; the answer comes as `checked`. */
  | { readonly do: 'check'; readonly resource: string }
  /** Its users must ask again before they use it: it is not well, or it is again. `lease`: it is this one's own. */
  | { readonly do: 'tell'; readonly resource: string; readonly lease?: string }
  | { readonly do: 'answer-health'; readonly member: string; readonly request: number; readonly count: number }
  /** Abort a start that is under way, then run what was registered for teardown, in reverse. */
  | { readonly do: 'clean'; readonly resource: string }
  | { readonly do: 'make-slice'; readonly slice: string; readonly resource: string; readonly slot: number }
  /** Whatever there is of it by then; also when it is still being made. */
  | { readonly do: 'drop-slice'; readonly slice: string; readonly resource: string }
  /** `slices`: id → resource. The answer is the resources with which it was done. */
  | {
      readonly do: 'act-on-slices';
      readonly member: string;
      readonly request: number;
      readonly act: SliceAct;
      readonly slices: Readonly<Record<string, string>>;
    }
  /** Answered when it is done. `slice`: to the holder's own part of it. */
  | {
      readonly do: 'chaos';
      readonly member: string;
      readonly request: number;
      readonly resource: string;
      readonly act: ChaosAct;
      /** See `stoppedKey`. */
      readonly whose: string;
      readonly slice?: string;
    }
  | { readonly do: 'probe-gate'; readonly gate: string }
  | { readonly do: 'rest-gate'; readonly gate: string }
  /** `lease`: whose slices are in the answer. */
  | { readonly do: 'answer-ready'; readonly member: string; readonly request: number; readonly lease: string }
  | { readonly do: 'answer-failed'; readonly member: string; readonly request: number; readonly failure: Failure }
  | {
      readonly do: 'answer-finished';
      readonly member: string;
      readonly request: number;
      readonly reply: FinishReply;
    }
  /** Tell a member why, and take its lease away. */
  | { readonly do: 'revoke'; readonly member: string; readonly failure: Failure }
  | { readonly do: 'set-timer'; readonly timer: string; readonly ms: number }
  | { readonly do: 'clear-timer'; readonly timer: string }
  /** No newcomers from here on. */
  | { readonly do: 'close-door' }
  | { readonly do: 'exit' };
