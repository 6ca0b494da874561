import type { BuildFact } from '../protocol/build.ts';
import type { Failure } from '../protocol/failure.ts';
import type { Incident } from '../protocol/incident.ts';
import type { Endpoint, RestartPlan, SliceUnit } from '../protocol/plan.ts';
import type { GateWait } from '../protocol/messages.ts';

/** What the reducer needs of the plan; constant over a generation's life. */
export interface Graph {
  readonly linger: number;
  readonly leaseTimeout: number;
  readonly resources: Readonly<
    Record<
      string,
      {
        readonly needs: readonly string[];
        readonly slice?: SliceUnit;
        readonly scope?: 'worker';
        /** It is built, and runs nothing. */
        readonly image?: true;
        /** Its slices are ports in front of the whole. */
        readonly ports?: 'gateway';
        /** Its slices are brought back to how they were made after each spec. */
        readonly resets?: true;
        /** Without it, what is lost has failed for good. */
        readonly restart?: RestartPlan;
        /** Its slices are still there when it was restarted. */
        readonly keepsSlices?: true;
      }
    >
  >;
  readonly gates: Readonly<
    Record<
      string,
      {
        readonly needs: readonly string[];
        readonly timeout: number;
        /** Its generation is the number of workers for which there is room. */
        readonly room?: true;
      }
    >
  >;
}

/** Life of the generation. `electing` ends when what the last generation left is reaped. */
export type Phase = 'electing' | 'open' | 'draining' | 'stopping' | 'stopped';

export interface Ready {
  readonly state: 'ready';
  readonly since: number;
  readonly took: number;
  readonly endpoint: Endpoint;
}

export type ResourceState =
  | { readonly state: 'declared' }
  | { readonly state: 'starting'; readonly since: number }
  | Ready
  /** It was ready and is not well: it waits for its next check, or for its restart. Nobody is let through to it. */
  | {
      readonly state: 'unhealthy';
      readonly since: number;
      readonly failure: Failure;
      readonly before: Ready;
      readonly next: 'check' | 'restart';
    }
  /** `cleaned` false: what is left of it is being torn down. */
  | { readonly state: 'failed'; readonly since: number; readonly failure: Failure; readonly cleaned: boolean }
  /**
   * With `before`: being brought back in its place, with the address and the data it had, as far as its kind can.
   * Without: failed, still being torn down, and will start again after that.
   */
  | { readonly state: 'restarting'; readonly since: number; readonly failure: Failure; readonly before?: Ready }
  /** Being taken down while the generation goes on; starts again when somebody wants it. */
  | { readonly state: 'resting' }
  | { readonly state: 'stopping' }
  | { readonly state: 'stopped' };

export type GateState =
  | { readonly state: 'closed' }
  /** Being probed. `answer` is what the last try said. */
  | { readonly state: 'probing'; readonly answer?: string }
  /** `generation`: what the probe answered, where it answers a number. */
  | { readonly state: 'open'; readonly generation?: number }
  /** Open, and probed on, because somebody waits for a higher generation. */
  | { readonly state: 'advancing'; readonly generation?: number; readonly answer?: string };

export interface Lease {
  readonly role: 'runner' | 'worker';
  readonly run: string;
  readonly pid: number;
  readonly slot?: number;
  readonly since: number;
  readonly frozenSince?: number;
  readonly workers?: number;
  /** Its specs are through; what it still has to do needs no suite. */
  readonly finished?: boolean;
}

/** A member that is told when the suite's final body has run. */
export interface Finisher {
  readonly member: string;
  readonly request: number;
}

/** A member that waits until a resource was healed, or checked, so many times. */
export interface HealthWait {
  readonly member: string;
  readonly request: number;
  readonly resource: string;
  readonly what: 'healed' | 'checks';
  readonly atLeast: number;
  /** Milliseconds. */
  readonly timeout: number;
}

/** What there is to tell of a resource's health, besides its state. */
export interface HealthCount {
  /** Checks that have ended. */
  readonly checks: number;
  /** Incidents after which it was ready again. */
  readonly healed: number;
  /** When it was restarted, as far as that still counts. */
  readonly restarts: readonly number[];
}

/** A slot's own part of a resource. Its number is never used again, so that no slice has two holders (I7). */
export interface Slice {
  readonly resource: string;
  readonly lease: string;
  readonly unit: SliceUnit;
  /** `doomed`: it is dropped as soon as what its holder has on top of it is gone. */
  readonly state: 'making' | 'live' | 'doomed' | 'dropping';
  /** Once it is live. */
  readonly endpoint?: Endpoint;
}

export interface Waiter {
  readonly id: string;
  readonly member: string;
  /** Whose slices it waits for; a member without a slot has none. */
  readonly lease: string;
  readonly unit?: 'file' | 'test';
  readonly request: number;
  /** Names asked for; what they need is implied. */
  readonly resources: readonly string[];
  /** Of these no other lease may use any meanwhile. */
  readonly exclusive?: readonly string[];
  readonly gates: readonly GateWait[];
  readonly since: number;
  /**
   * Milliseconds until it is told what is lacking, where the member set them; they run from the request. Without them
   * each gate has its own, which run from the moment the resources are ready: those have deadlines of their own.
   */
  readonly timeout?: number;
  /** Whether its timers run. */
  readonly timed: boolean;
  /** All it waits for is ready, but others have it exclusively, and the time for that runs. */
  readonly held?: true;
}

/** What a wait has let a lease with a slot through to, until it rests from it. */
export interface Use {
  readonly member: string;
  readonly lease: string;
  /** Of the wait. */
  readonly request: number;
  readonly resources: readonly string[];
  /** Nobody else is let through to these. */
  readonly exclusive: readonly string[];
}

/** A resource, or a lease's own part of it, as a key of `stopped`. */
export const stoppedKey = (resource: string, lease?: string): string =>
  lease === undefined ? resource : `${resource}@${lease}`;

/** The whole state of a generation. JSON, so that a watcher can go on folding from a copy. */
export interface State {
  readonly graph: Graph;
  readonly phase: Phase;
  readonly resources: Readonly<Record<string, ResourceState>>;
  /** How often each resource has been started; published as the endpoint's epoch. */
  readonly epochs: Readonly<Record<string, number>>;
  /** By key, see `gate-keys.ts`. */
  readonly gates: Readonly<Record<string, GateState>>;
  /** Resources somebody asked for, with what they need. */
  readonly wanted: readonly string[];
  readonly leases: Readonly<Record<string, Lease>>;
  /** lease id → slot of members whose lease was revoked while their process still lives. */
  readonly quarantine: Readonly<Record<string, number>>;
  readonly slices: Readonly<Record<string, Slice>>;
  /** How many there ever were. */
  readonly sliceCount: number;
  readonly waiters: readonly Waiter[];
  readonly uses: readonly Use[];
  readonly finishers: readonly Finisher[];
  /** The latest of them, in the order in which they began. */
  readonly incidents: readonly Incident[];
  /** How many there ever were. */
  readonly incidentCount: number;
  /** By resource; nothing for one of which there is nothing to tell. */
  readonly health: Readonly<Record<string, HealthCount>>;
  readonly healthWaits: readonly HealthWait[];
  /** Who had it killed, stopped or paused, until that is an incident or is healed; see `stoppedKey`. */
  readonly stopped: Readonly<Record<string, NonNullable<Incident['stopped']>>>;
  /** What became of each image's last build. */
  readonly builds: Readonly<Record<string, BuildFact>>;
  readonly hold: boolean;
  /** Whether a member ever joined: before that, the first-join deadline applies instead of the linger. */
  readonly joined: boolean;
  readonly peakLeases: number;
  /** Why the generation stops. */
  readonly stopReason?: string;
}
