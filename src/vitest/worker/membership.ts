import { answered, answeredOrHeld } from '../../client/answered.ts';
import type { HealthAsked, Session } from '../../client/session.ts';
import type { State } from '../../coordinator/state.ts';
import { GreenroomError, toFailure, type Failure } from '../../protocol/failure.ts';
import type { Incident } from '../../protocol/incident.ts';
import type { ChaosAct, ReadyReply, Welcome } from '../../protocol/messages.ts';
import { SUITE, type Endpoint, type Endpoints } from '../../protocol/plan.ts';
import { Environment } from '../environment.ts';
import type { Docblock, Joined } from '../joined.ts';
import { covered, neededBy, type Asked } from './asks.ts';
import { RunCancelled, unlessCancelled } from './cancel.ts';
import { soon } from './clock.ts';
import { contentsOf, NOTHING, type Contents } from './contents.ts';
import { addressTexts } from './endpoints.ts';
import { leaseOfWorker, worker } from './lease.ts';
import { meetingOf, type Meeting } from './meeting.ts';
import { kept } from './place.ts';

const NEEDS_PLUGIN: Failure = {
  code: 'NOT_JOINED',
  message: "the config has a suite, whose `each` bodies only a run with Greenroom's plugin can find",
  hint: 'add `plugins: [greenroom()]` to vitest.config.ts',
};

/** Milliseconds that checks of health may take, which have limits of their own. */
const CHECK_MS = 30_000;

/** How much later than the coordinator's own answer ours is due. */
const PATIENCE_MARGIN_MS = 10_000;

/** Resources that nobody else may use, and milliseconds to wait for that. */
interface Exclusively {
  readonly exclusive?: readonly string[];
  readonly timeout?: number;
}

/** What one spec file has of the infrastructure. The session behind it is the worker's, and outlives the file. */
export class FileMembership {
  readonly docblock: Docblock;
  /** Specs that failed for the infrastructure are tried once more. */
  readonly retriesInfra: boolean;
  /** Why it could not join, or what is wrong with what it needs. */
  failure: Failure | undefined;
  contents: Contents;
  /** What the whole file was held for. */
  asked: Asked = { resources: [], gates: [] };
  private readonly meeting: Meeting | undefined;
  private session: Session | undefined;
  /** What this file, or one of its specs, has asked for, with what that needs. */
  readonly usable = new Set<string>();
  private ready: Endpoints = {};
  /** Something this file may use was not well: nobody has waited for it again yet. */
  private stale = false;
  /** Specs that run, without those that are held. */
  private inFlight = 0;
  private waiting = 0;
  private waitingAgain: Promise<void> | undefined;
  /** Where what is ready is, as text: computed when the first request asks. */
  private addresses: { readonly of: Endpoints; readonly texts: ReadonlySet<string> } | undefined;
  /** What all specs of the file see. */
  private ofFile: ReadyReply = { endpoints: {}, env: {} };

  /** @param path of the spec file, absolute */
  constructor(path: string, joined: Joined | undefined) {
    this.docblock = joined !== undefined && 'docblocks' in joined ? (joined.docblocks[path] ?? {}) : {};
    this.retriesInfra = joined !== undefined && 'retry' in joined;
    const meeting = meetingOf(joined);
    if (meeting !== undefined && 'failure' in meeting) ({ failure: this.failure } = meeting);
    else this.meeting = meeting;
    this.contents = { ...NOTHING, ...joined };
    this.failure ??= this.docblock.failure;
  }

  /** False when the run has joined nothing, or this file could not: then nothing can be waited for. */
  get joined(): boolean {
    return this.session !== undefined;
  }

  /** What the coordinator has told this worker of itself and of the generation; undefined where nothing was joined. */
  get welcome(): Welcome | undefined {
    return this.session?.welcome;
  }

  /** Absolute path of the suite module. */
  get suite(): string | undefined {
    return this.meeting?.suite;
  }

  /** Endpoints of all resources that are ready. */
  get endpoints(): Endpoints {
    const { [SUITE]: _, ...endpoints } = this.ready;
    return endpoints;
  }

  /** Whether something that is ready has this address, `host:port`. */
  isAt(address: string): boolean {
    const { ready } = this;
    if (this.addresses?.of !== ready) this.addresses = { of: ready, texts: addressTexts(this.endpoints) };
    return this.addresses.texts.has(address);
  }

  /** What the suite's first `once` body came to: its `value`, or why all is `skipped`. */
  get outcome(): Endpoint | undefined {
    return this.ready[SUITE];
  }

  /** Whether this file, or one of its specs, has asked for a resource: by luck it might be there all the same. */
  mayUse(name: string): boolean {
    return this.usable.has(name);
  }

  /** What ended the session this file works with. */
  get lost(): Failure | undefined {
    return this.session === worker.session ? worker.lost : undefined;
  }

  /** Joins, unless the worker has; waits for what the docblock asks for; sets the environment. Never rejects. */
  async enter(): Promise<void> {
    if (this.meeting === undefined || this.failure !== undefined) return;
    try {
      this.session = await leaseOfWorker(this.meeting);
      if (this.meeting.contents === undefined) this.contents = await this.learn();
      await this.wait({ resources: neededBy(this.contents, this.docblock), gates: [] }, 'file');
    } catch (error) {
      if (error instanceof RunCancelled) return;
      this.failure = toFailure(error, 'COORDINATOR_LOST');
      // Of the rest, what is ready: the specs' tags may ask for no more.
      await this.wait({ resources: [], gates: [] }).catch(() => undefined);
    }
  }

  /**
   * Waits until all is ready and open; then sets the environment.
   *
   * @param unit whose slices are wanted besides those of the worker
   * @throws GreenroomError with the root cause; RunCancelled
   */
  async wait(asked: Asked, unit: 'file' | 'test' = 'file', how: Exclusively = {}): Promise<void> {
    const { session, meeting } = this;
    const { resources, gates } = asked;
    for (const name of covered(this.contents, asked)) this.usable.add(name);
    if (session === undefined || meeting === undefined) return;
    const waiting = session.wait({ resources, gates: gates.map((name) => ({ name })), unit, ...how });
    this.waiting += 1;
    this.restIfIdle();
    const patience = how.timeout === undefined ? meeting.patience : how.timeout + PATIENCE_MARGIN_MS;
    const { endpoints, env } = await unlessCancelled(answeredOrHeld(waiting, patience, session)).finally(
      () => (this.waiting -= 1),
    );
    environment().set(env);
    this.ready = endpoints;
    if (unit === 'file') this.ofFile = { endpoints, env };
  }

  /**
   * Whether something that this file may use was not well, and has to be waited for before the next spec. Specs that
   * run at the same time wait for it together.
   */
  get isStale(): boolean {
    this.stale ||= this.session?.takeChanged().some((name) => this.usable.has(name)) ?? false;
    return this.stale || this.waitingAgain !== undefined;
  }

  /** Waits for all that this file was held for, as long as it takes to heal. @throws GreenroomError; RunCancelled */
  waitAgain(): Promise<void> {
    this.waitingAgain ??= this.wait(this.asked)
      .then(() => {
        this.stale = false;
      })
      .finally(() => (this.waitingAgain = undefined));
    return this.waitingAgain;
  }

  /** Runs one try of a spec, from before it is held until all of it is over. */
  async spec(run: () => Promise<void>): Promise<void> {
    this.inFlight += 1;
    try {
      await run();
    } finally {
      this.inFlight -= 1;
      if (this.waiting > 0) this.restIfIdle();
    }
  }

  /** Waits while the spec does nothing. */
  async held<T>(wait: () => Promise<T>): Promise<T> {
    this.inFlight -= 1;
    try {
      return await wait();
    } finally {
      this.inFlight += 1;
    }
  }

  /**
   * Says that nothing is in flight of what was let through so far. Looks again later, as one that was let through just
   * now may not have gone on yet.
   */
  private restIfIdle(): void {
    const { session } = this;
    const uses = session?.uses ?? [];
    if (session === undefined || uses.length === 0) return;
    soon(() => {
      if (this.inFlight === 0) session.rest(uses).catch(() => undefined);
    });
  }

  /**
   * Runs a spec while no other worker uses these resources.
   *
   * @param timeout milliseconds to wait for the others' specs in flight
   * @throws GreenroomError WAIT_TIMEOUT, UNKNOWN_RESOURCE
   */
  async exclusively(resources: readonly string[], timeout: number, run: () => Promise<void>): Promise<void> {
    const { session } = this;
    const before = new Set(session?.uses);
    await this.held(() => this.wait(this.asked, 'file', { exclusive: resources, timeout }));
    const taken = session?.uses.filter((id) => !before.has(id)) ?? [];
    try {
      await run();
    } finally {
      // What all of the file was let through to went with it.
      this.stale = true;
      session?.rest(taken).catch(() => undefined);
    }
  }

  /** The file is over. */
  leave(): void {
    this.session?.rest().catch(() => undefined);
  }

  /** @throws GreenroomError NOT_EXCLUSIVE, CHAOS_FAILED, UNKNOWN_RESOURCE, COORDINATOR_LOST */
  async chaos(resource: string, act: ChaosAct): Promise<void> {
    if (this.session === undefined) throw new Error('nothing was joined');
    await this.session.chaos(resource, act);
  }

  /** @throws GreenroomError WAIT_TIMEOUT, UNKNOWN_RESOURCE, COORDINATOR_LOST */
  async health(asked: HealthAsked): Promise<number> {
    if (this.session === undefined) throw new Error('nothing was joined');
    return this.session.health(asked);
  }

  /**
   * Gives the slices of this file, or of a spec of it, back. Not waited for: what is asked for next is asked on the
   * same connection, and so comes after it.
   */
  release(unit: 'file' | 'test'): void {
    const used = Object.entries(this.contents.slices).some(
      ([name, sliced]) => sliced === unit && this.usable.has(name),
    );
    if (!used) return;
    this.session?.release(unit).catch(() => undefined);
    if (unit === 'file') return;
    // What was the spec's is nobody's now.
    environment().set(this.ofFile.env);
    this.ready = this.ofFile.endpoints;
  }

  /** Resources of which each spec has a part of its own, as far as this file may use them. */
  get ofSpecs(): readonly string[] {
    return Object.entries(this.contents.slices).flatMap(([name, unit]) =>
      unit === 'test' && this.usable.has(name) ? [name] : [],
    );
  }

  /** What the coordinator has, where no main process of ours has said it. */
  private async learn(): Promise<Contents> {
    const { graph } = await this.state();
    if (SUITE in graph.resources) throw new GreenroomError(NEEDS_PLUGIN);
    return contentsOf({ graph });
  }

  /** @throws GreenroomError COORDINATOR_LOST, LEASE_REVOKED, STOPPED */
  async state(): Promise<State> {
    if (this.session === undefined) throw new Error('nothing was joined');
    return (await answered(this.session.status())) as State;
  }

  /** When the worker joined, in milliseconds since 1970. */
  get joinedAt(): number | undefined {
    return this.session === undefined ? undefined : worker.joinedAt;
  }

  /**
   * Incidents since the worker joined, of all resources.
   *
   * @param check the health of those that this file may use is asked first
   * @throws GreenroomError COORDINATOR_LOST, COORDINATOR_UNRESPONSIVE
   */
  async incidents(check: boolean): Promise<readonly Incident[]> {
    const { session, joinedAt: from = 0 } = this;
    if (session === undefined) return [];
    if (check) await answered(session.incidents({ resources: [...this.usable], from, check }), CHECK_MS);
    return answered(session.incidents({ resources: Object.keys(this.contents.resources), from }));
  }

  /** Brings back what specs may have changed, where the config says so. */
  async reset(): Promise<void> {
    const resets = this.contents.resets.some((name) => this.usable.has(name));
    if (resets && this.session !== undefined) await answered(this.session.reset());
  }

  /** Has what a failed spec worked with kept; returns the names of those resources. */
  async keep(): Promise<readonly string[]> {
    return this.session === undefined ? [] : answered(this.session.keep());
  }

  /** Tells the main process what no file can carry any more. */
  async report(failure: Failure): Promise<void> {
    if (this.session !== undefined) await answered(this.session.report(failure));
  }
}

/** Of this worker, over all of its files: what one file was given is not there for the next. */
function environment(): Environment {
  return (kept<{ own: Environment }>('environment').own ??= new Environment());
}
