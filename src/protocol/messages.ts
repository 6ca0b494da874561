/**
 * The treaty on the socket: one JSON object a line (ndjson), at most 1 MiB a line.
 *
 * A connection begins with `hello` and is answered by `welcome` or by `refused` followed by end of file. End of file
 * without an answer means that the generation is stopping: look for the next one. An open connection of a member
 * *is* its lease; observers and the config host hold none.
 */
import type { Failure } from './failure.ts';
import type { Endpoints, FunctionRef, Json } from './plan.ts';

/** Changes when a message changes its meaning; part of the key, so that two versions never meet. */
export const PROTOCOL_VERSION = 1;

/** Longest line either side accepts, in bytes. */
export const MAX_LINE_BYTES = 1 << 20;

/**
 * `runner`: a run's main process, lease without slot. `worker`: a worker or `exec` copy, lease with slot.
 * `observer`: status, watch, down; no lease. `host`: the config host; no lease.
 */
export type Role = 'runner' | 'worker' | 'observer' | 'host';

export interface Hello {
  readonly type: 'hello';
  readonly v: number;
  readonly token: string;
  readonly role: Role;
  /** Id of the run this member belongs to. */
  readonly run?: string;
  readonly pid: number;
  /** Number of workers of the run, for budgets. */
  readonly workers?: number;
  readonly configHash?: string;
  /**
   * `NONCE/LEASE` of the welcome that another member of the same run was given, such as the main process for a worker
   * that it is about to start: takes part in its lease, which then lives until both connections are closed. Its pid
   * is that of the last who came. Where there is no such lease any more, this is an ordinary join.
   */
  readonly lease?: string;
}

/** What became of a request to finish. */
export interface FinishReply {
  /** False when others still use the generation: they are asked in their turn. */
  readonly last: boolean;
  /** What the suite's final `once` failed with. */
  readonly failure?: Failure;
}

/** One gate a member waits for. */
export interface GateWait {
  readonly name: string;
  /** Opens only when the gate's probe has answered a generation of at least this number. */
  readonly atLeast?: number;
}

/** What is done to the processes of a resource: SIGKILL, their stop signal, SIGSTOP; SIGCONT and a restart that is due. */
export type ChaosAct = 'kill' | 'stop' | 'pause' | 'heal';

export type Request =
  /** Answered when all are ready (and what they need), or at the first failure among them. */
  | {
      readonly type: 'wait';
      readonly id: number;
      /** null: all resources of the config. */
      readonly resources: readonly string[] | null;
      readonly gates: readonly GateWait[];
      /** Asks for the slices of a file or a spec, too; those of the worker come with every wait. */
      readonly unit?: 'file' | 'test';
      /** Of these, no other lease with a slot is let through to any until the member rests from this wait. */
      readonly exclusive?: readonly string[];
      /** Milliseconds; default: the resources' own start deadlines and the gates' timeouts. */
      readonly timeout?: number;
    }
  /** Nothing is in flight any more that these waits, by their ids, have let through; null: none of this member's. */
  | { readonly type: 'rest'; readonly id: number; readonly waits: readonly number[] | null }
  /**
   * Does something to the processes of a resource, to test what uses it; answered when it is done. From a member: refused
   * with NOT_EXCLUSIVE without the shared resource to itself. From an observer: refused with LEASES_LIVE while workers use
   * it, unless forced.
   */
  | {
      readonly type: 'chaos';
      readonly id: number;
      readonly resource: string;
      readonly act: ChaosAct;
      readonly force: boolean;
    }
  /** The file or spec is over: its slices are given back. */
  | { readonly type: 'release'; readonly id: number; readonly unit: 'file' | 'test' }
  /**
   * A spec has failed: what this lease has slices of is kept, where the config says so, instead of dropped. Answered
   * with the names of those resources.
   */
  | { readonly type: 'keep'; readonly id: number }
  /** A spec is over: slices of this lease are brought back to how they were made, where the config says so. */
  | { readonly type: 'reset'; readonly id: number }
  | { readonly type: 'status'; readonly id: number }
  /** Answered with the state, then every event is pushed. */
  | { readonly type: 'watch'; readonly id: number }
  /** Keeps the generation, with these resources, without a lease. */
  | { readonly type: 'hold'; readonly id: number; readonly resources: readonly string[] | null }
  /** Starts failed resources again. */
  | { readonly type: 'retry'; readonly id: number }
  /**
   * The run's specs are through. When no other member uses the generation, the suite's final `once` runs now, and the
   * answer is what became of it; otherwise the answer comes at once.
   */
  | { readonly type: 'finish'; readonly id: number }
  /**
   * Which incidents touch these resources (and what they need), or parts of them that this lease has, in this time
   * (milliseconds since the epoch; `until` default: now). With `check`, their health is asked first, within the limits
   * of the probes. Answered with a list of `Incident`.
   */
  | {
      readonly type: 'incidents';
      readonly id: number;
      readonly resources: readonly string[];
      readonly from: number;
      readonly until?: number;
      readonly check?: boolean;
    }
  /**
   * Answered with the number when the resource was healed, or checked, at least `atLeast` times in this generation;
   * with WAIT_TIMEOUT after `timeout` milliseconds.
   */
  | {
      readonly type: 'health';
      readonly id: number;
      readonly resource: string;
      readonly what: 'healed' | 'checks';
      readonly atLeast: number;
      readonly timeout: number;
    }
  /** A worker tells its run of a failure that no file can carry any more; watchers see it as an event. */
  | { readonly type: 'report'; readonly id: number; readonly failure: Failure }
  /** Removes the hold and stops; refused with LEASES_LIVE while leases live, unless forced. Answered before the end. */
  | { readonly type: 'down'; readonly id: number; readonly force: boolean };

/** The config host's answer to a `call`. */
export type HostAnswer =
  | { readonly type: 'result'; readonly call: number; readonly value: Json }
  | { readonly type: 'threw'; readonly call: number; readonly failure: Failure };

export type FromClient = Hello | Request | HostAnswer;

export interface Welcome {
  readonly type: 'welcome';
  readonly key: string;
  readonly generation: number;
  readonly nonce: string;
  readonly lease?: string;
  readonly slot?: number;
  /** Directory with `events.ndjson` and the resources' logs. */
  readonly logDir: string;
  /** Leases live, this one included. */
  readonly leases: number;
  readonly coordinator: { readonly pid: number; readonly upSince: number };
}

/** What a member gets when it waited with success. */
export interface ReadyReply {
  readonly endpoints: Endpoints;
  /** `GREENROOM_<NAME>_*` and the user's own mapping. */
  readonly env: Readonly<Record<string, string>>;
}

export type FromCoordinator =
  | Welcome
  | { readonly type: 'refused'; readonly failure: Failure }
  | { readonly type: 'reply'; readonly id: number; readonly value: unknown }
  | { readonly type: 'failed'; readonly id: number; readonly failure: Failure }
  /** To a watcher: one event, as it stands in the event log. */
  | { readonly type: 'event'; readonly event: unknown }
  /** To a member: before it uses this resource the next time, it is to wait for it again. */
  | { readonly type: 'changed'; readonly resource: string }
  /** Last words to a member before the connection is closed from the other side. */
  | { readonly type: 'bye'; readonly failure: Failure }
  /** To the config host. `args` are JSON; endpoints of resources that are not started are left out of `needs`. */
  | { readonly type: 'call'; readonly call: number; readonly fn: FunctionRef; readonly args: readonly Json[] };
