/**
 * The contract between the coordinator and a resource kind. A driver is one function: it brings the resource up
 * and returns its endpoint. Everything it makes goes through the context, which writes the ledger *before* the act
 * and undoes it in reverse order, whether the start succeeded, failed or was aborted half-way.
 */
import type { BuildFact } from '../protocol/build.ts';
import type { EngineKind } from '../containers/engine.ts';
import type { Code } from '../protocol/codes.ts';
import type { Failure } from '../protocol/failure.ts';
import type { ChaosAct } from '../protocol/messages.ts';
import type { Endpoint, Endpoints, FunctionRef, Json, ProbePlan, ResourcePlan } from '../protocol/plan.ts';

/** A process to start under the shim. */
export interface ProcessSpec {
  /** Program and arguments; never a shell string. */
  readonly run: readonly string[];
  readonly cwd?: string;
  /** On top of the plan's environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** What asks the process to end, default SIGTERM. */
  readonly stopSignal?: NodeJS.Signals;
  /**
   * What the kernel sends when the coordinator dies, where it can; only for programs to which a repeated or hard
   * signal does no harm.
   */
  readonly deathSignal?: NodeJS.Signals;
  /** Run as this user; only possible when we are root. */
  readonly user?: { readonly uid: number; readonly gid: number };
  /**
   * Its end is not the resource's end: a helper that runs to completion (initdb, a job), or a process that the
   * driver itself watches until it hands it over to `guard`.
   */
  readonly oneShot?: boolean;
  /** It stands in front of the resource, and is not what chaos is for. */
  readonly inFront?: true;
  /** How a signal reaches what the process stands for, where that is no process of its group. */
  readonly signal?: (signal: NodeJS.Signals) => Promise<void>;
  /** Milliseconds from the stop signal to SIGKILL; default: the stop time-out. */
  readonly graceMs?: number;
  /** Label in the ledger and in messages; default: the resource's name. */
  readonly label?: string;
}

/** How a process ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Set when the program could not even be started. */
  readonly error?: Error;
}

/** Makes and removes a slot's own parts of a resource. */
export interface SliceMaker {
  /**
   * @param name never used before and never again; letters, digits and `_`, at most 63
   * @param slot of its holder
   * @param lost says that it is gone by itself: it is dropped, and its holder's next wait makes another
   * @param needs what the resource needs, as its holder sees it
   * @returns what the holder sees in place of the resource's own endpoint
   */
  make(name: string, slot: number, lost: (failure: Failure) => void, needs: Endpoints): Promise<Endpoint>;
  /** It is about to be dropped, and is still being made: making it need not go on. */
  abandon?(name: string): void;
  /** Removes it, and whatever is there of one that was only half made: then there is no endpoint. */
  drop(name: string, endpoint: Endpoint | undefined): Promise<void> | void;
  /** In place of `drop`, of one in which a spec has failed: it stays as it is until the resource ends. */
  keep?(name: string): void;
  /** Asks how it is; that it is not well is told by `lost`. */
  check?(name: string): Promise<void>;
  /** Does something to its processes, where it has some of its own. */
  chaos?(name: string, act: ChaosAct): Promise<void>;
  /** Brings it back to how it was made, while its holder has it. */
  reset?(name: string): Promise<void>;
}

/** How a wait for a probe differs from the plain one. */
export interface ProbeWait {
  /** Ends the wait before the start's deadline does. */
  readonly signal?: AbortSignal;
  /** Where a `log` probe begins to read: what an earlier process wrote before this offset is not an answer. */
  readonly logFrom?: number;
}

export interface ManagedProcess {
  /** Pid of the shim, which is also the id of the process group. */
  readonly pid: number;
  readonly exited: Promise<Exit>;
  /** Ends it before the teardown does, in the same way; `graceMs` until SIGKILL, default the stop time-out. */
  stop(graceMs?: number): Promise<Exit>;
}

/** How a resource that is ready is checked and brought back. */
export interface Care {
  /** What a probe of it asks. Behind a gateway it is the server, not the gateway. */
  readonly endpoint: Endpoint;
  /** What is asked where the config does not say; without it, only the config's own probe is. */
  readonly probe?: ProbePlan;
  /**
   * Brings it back in its place, with its address and its data as far as the kind can: ends what is left of it and starts
   * it again. Without it, a loss is final. Called one at a time.
   *
   * @param signal ends the attempt
   */
  readonly restart?: (signal: AbortSignal) => Promise<Endpoint>;
}

export interface ResourceContext {
  /** Where each slot has one of its own, with the slot in it. */
  readonly name: string;
  /** What the user calls it. */
  readonly subject: string;
  readonly plan: ResourcePlan;
  /** Directory of the config file. */
  readonly root: string;
  readonly key: string;
  readonly generation: number;
  readonly nonce: string;
  /** Hash over the contents of the config and of what it imports. */
  readonly configHash: string;
  /** How many workers a run has at most, where the config says so. */
  readonly workers?: number;
  /** The same, or as many as a run that is here has said when it joined, if those are more. */
  expectedWorkers(): number | undefined;
  /** Whose own it is, where each slot has one. */
  readonly slot?: number;
  /** Endpoints of what it needs, by alias. */
  readonly needs: Endpoints;
  /** Endpoints of all resources that are ready now, by name; none of them may be relied on. */
  endpoints(): Endpoints;
  /** Aborted when the start is called off or its deadline has passed. */
  readonly signal: AbortSignal;
  readonly logFile: string;
  /** The plan's environment: PATH, HOME and so on. */
  readonly env: Readonly<Record<string, string>>;
  /** Registers an undo step *before* the act it undoes. Steps run in reverse, each within the stop time-out. */
  defer(what: string, undo: () => Promise<void> | void): void;
  /** Says how slices are made; a resource that is cut into slices must call it before it is ready. */
  offerSlices(maker: SliceMaker): void;
  /** Says how it is checked and brought back; may be called again, when that has changed. */
  care(care: Care): void;
  /** Starts a process; its end, unless `oneShot`, fails the start or loses the resource. */
  spawn(spec: ProcessSpec): Promise<ManagedProcess>;
  /** Records that things of this generation are in a container engine, before the first one is made there. */
  recordEngine(engine: EngineKind): void;
  /** From now on the end of this process, started as `oneShot`, is the resource's end. */
  guard(process: ManagedProcess): void;
  /** Fails the start, or loses the resource, for the end of something that is no process of ours. */
  lost(message: string): void;
  /**
   * Makes a directory that is removed at teardown, by the next generation if need be. `owner` gets it 0700. `parent`:
   * one of `tempParents()`, default the usual one.
   */
  tempDir(label: string, owner?: { uid: number; gid: number }, parent?: string): Promise<string>;
  /** A TCP port that no other Greenroom process on this host has, held until teardown. */
  reservePort(): Promise<number>;
  /** Gives such a port back before the teardown does. */
  releasePort(port: number): void;
  /** Runs a function of the user's config in the config host. */
  call(fn: FunctionRef, args: readonly Json[], timeout: number): Promise<Json>;
  /** Asks a probe until it passes; returns the fields it found. Ends with the start's deadline. */
  untilPasses(probe: ProbePlan, endpoint: Endpoint, wait?: ProbeWait): Promise<Readonly<Record<string, string>>>;
  /** Says what became of a build of it. */
  built(fact: BuildFact): void;
  /** One line in the resource's log and in the event log; a lasting one stands beside the resource while it is ready. */
  note(text: string, lasting?: true): void;
  /** An error about this resource, with the last log lines. */
  error(code: Code, message: string, hint?: string): Error;
}

/** Brings a resource up. Rejects with a GreenroomError; the context cleans up. */
type Start = (ctx: ResourceContext) => Promise<Endpoint>;

/** What is checked before anything starts: programs and packages a plan needs. Rejects with a GreenroomError. */
export type Preflight = (
  name: string,
  plan: ResourcePlan,
  root: string,
  env: Readonly<Record<string, string>>,
) => Promise<void>;

/** A resource kind, as the coordinator loads it. */
export interface Driver {
  readonly preflight?: Preflight;
  readonly start: Start;
}
