/** What a member can do with an open connection to the coordinator. Implemented in `connection.ts`. */
import type { Failure } from '../protocol/failure.ts';
import type { Incident } from '../protocol/incident.ts';
import type { ChaosAct, FinishReply, GateWait, ReadyReply, Welcome } from '../protocol/messages.ts';

export interface WaitFor {
  /** Resource names; null: all of the config. */
  readonly resources: readonly string[] | null;
  readonly gates?: readonly GateWait[];
  /** Asks for the slices of a file or a spec, too. */
  readonly unit?: 'file' | 'test';
  /** Resources that no other worker may use until this wait is rested from. */
  readonly exclusive?: readonly string[];
  /** Milliseconds; default: the resources' and gates' own deadlines. */
  readonly timeout?: number;
}

export interface IncidentsAsked {
  readonly resources: readonly string[];
  readonly from: number;
  /** Default: now. */
  readonly until?: number;
  /** Their health is asked first. */
  readonly check?: boolean;
}

export interface HealthAsked {
  readonly resource: string;
  readonly what: 'healed' | 'checks';
  readonly atLeast: number;
  /** Milliseconds. */
  readonly timeout: number;
}

export interface Session {
  readonly welcome: Welcome;
  /** What another process of the run says in its hello to take part in this lease: `GREENROOM_LEASE`. */
  readonly lease: string;
  /** Path of the generation file; `GREENROOM_FILE` for children. */
  readonly file: string;
  /** Resolves when all is ready; rejects with a GreenroomError that names the root cause. */
  wait(request: WaitFor): Promise<ReadyReply>;
  /** Waits that were answered and not rested from, by their ids: what this member may be using. */
  readonly uses: readonly number[];
  /** Nothing that these waits have let through is in flight any more; without them, nothing at all. */
  rest(waits?: readonly number[]): Promise<void>;
  /**
   * Does something to a resource's processes; resolves when it is done. Rejects with NOT_EXCLUSIVE, LEASES_LIVE,
   * CHAOS_FAILED, UNKNOWN_RESOURCE.
   *
   * @param force for who has no lease: also while workers use it
   */
  chaos(resource: string, act: ChaosAct, force?: boolean): Promise<void>;
  /** Gives the slices of a file or a spec back. */
  release(unit: 'file' | 'test'): Promise<void>;
  /** A spec has failed: returns the resources whose slices are kept for that. */
  keep(): Promise<readonly string[]>;
  /** Brings slices back to how they were made, those of resources with `reset`. */
  reset(): Promise<void>;
  /** The coordinator's state: a `State` of `coordinator/state.ts`, as JSON. */
  status(): Promise<unknown>;
  /** Returns the state as it is now; then every later event, in order, goes to `onEvent`. */
  watch(onEvent: (event: unknown) => void): Promise<unknown>;
  hold(resources: readonly string[] | null): Promise<void>;
  retry(): Promise<void>;
  /** Runs the suite's final `once`, if we are the last. */
  finish(): Promise<FinishReply>;
  /** Which incidents touch these resources, and parts of them that are this lease's own. Times as of `Date.now()`. */
  incidents(asked: IncidentsAsked): Promise<readonly Incident[]>;
  /** Resolves when a resource was healed, or checked, so many times in this generation; rejects after `timeout` ms. */
  health(asked: HealthAsked): Promise<number>;
  /** Resources that are to be waited for again before they are used: they were not well meanwhile. Each is told once. */
  takeChanged(): readonly string[];
  /** Tells the run of a failure that no file can carry any more. */
  report(failure: Failure): Promise<void>;
  down(force: boolean): Promise<void>;
  /** Resolves when the connection ended without our doing: COORDINATOR_LOST, LEASE_REVOKED or STOPPED. */
  readonly lost: Promise<Failure>;
  /** The lease's file descriptor, to be inherited by a shim, so that the lease lives as long as the command. */
  readonly fd: number;
  /** Gives the lease back. What is still waited for is never answered. */
  close(): void;
  /** Lets the process end although the connection is open. */
  unref(): void;
}
