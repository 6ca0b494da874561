import { answered, finishMs } from '../client/answered.ts';
import { join } from '../client/join.ts';
import type { Session } from '../client/session.ts';
import { within } from '../platform/deadline.ts';
import { gatherLine } from '../gather/start.ts';
import { isGreenroomError, toFailure, type Failure } from '../protocol/failure.ts';
import type { Incident } from '../protocol/incident.ts';
import type { ReadyReply } from '../protocol/messages.ts';
import { SUITE, type Plan } from '../protocol/plan.ts';
import { secretsIn } from '../protocol/redact.ts';
import { readEvents } from '../coordinator/read-records.ts';
import { watchSpecs, watchStart, type Watched } from '../gather/budget.ts';
import { buildLines } from '../report/builds.ts';
import { timeLines } from '../report/time-lines.ts';
import { timesOf } from '../report/times.ts';
import { dated } from '../report/earlier.ts';
import type { Progress } from '../report/fold.ts';
import { follow, type Step } from '../report/follow.ts';
import { headline } from '../report/headline.ts';
import { createReporter } from '../report/reporter.ts';
import type { Interruption } from './interruption.ts';
import { llmLines } from './llm-report.ts';
import { patienceFor } from './needs.ts';

/** Shorter than the 10 s that Vitest has for closing altogether. */
const LEAVE_MS = 5_000;

/** Who a main process is for its generation. */
export interface Self {
  readonly run: string;
  readonly workers: number;
  /** Its version. */
  readonly vitest: string;
  /** Told what no file's result can carry. */
  readonly onReported: (failure: Failure) => void;
}

/** What came of waiting: everything that is ready, and why that is not all. */
export type Outcome = ReadyReply & { readonly failure?: Failure };

/** What a Vitest process sees of its generation, from joining to leaving. */
export class View {
  readonly plan: Plan;
  readonly session: Session;
  private readonly self: Self;
  private latest: Progress | undefined;
  private onStep: (step: Step) => void = () => undefined;
  /** The first failure of a flush. */
  private notStored: Failure | undefined;
  private failed = false;
  private over = false;

  private constructor(session: Session, plan: Plan, self: Self) {
    this.session = session;
    this.plan = plan;
    this.self = self;
    void session.lost.then(() => (this.over = true));
  }

  /** Joins the plan's generation, or starts it. */
  static async open(plan: Plan, self: Self): Promise<View> {
    const start = Date.now();
    const { run, workers } = self;
    const session = await join(plan, { role: 'runner', run, workers });
    process.stderr.write(`greenroom: ${headline(session.welcome, start)}\n`);
    const view = new View(session, plan, self);
    try {
      await answered(follow(session, (step) => view.take(step)));
    } catch (error) {
      session.close();
      throw error;
    }
    return view;
  }

  /** Whether it can still be used, and is what this plan makes. */
  serves(plan: Plan): boolean {
    return !this.over && this.plan.key === plan.key && this.plan.configHash === plan.configHash;
  }

  /**
   * Waits until these resources are ready or have failed, and shows how that goes on standard error: reports go to
   * standard output. What failed the last time is started again.
   *
   * @throws GreenroomError when the coordinator is lost, or does not keep its own deadlines
   */
  async ready(resources: readonly string[]): Promise<Outcome> {
    const start = Date.now();
    const { session } = this;
    const patience = patienceFor(this.plan);
    const reporter = createReporter('plain', process.stderr, start);
    this.onStep = (step) => reporter.show(step);
    const over = watchStart(this.watched(start));
    try {
      if (this.failed) await answered(session.retry());
      this.failed = false;
      return await answered(session.wait({ resources }), patience);
    } catch (error) {
      if (!isGreenroomError(error) || isLoss(error.failure) || error.code === 'COORDINATOR_UNRESPONSIVE') throw error;
      this.failed = true;
      const each = resources.map((name) => session.wait({ resources: [name] }));
      await answered(Promise.allSettled(each), patience);
      const rest = await answered(session.wait({ resources: [] }));
      return { ...rest, failure: this.latest ? dated(error.failure, this.latest.state, start) : error.failure };
    } finally {
      over();
      this.onStep = () => undefined;
      reporter.end();
      session.unref();
    }
  }

  /**
   * Waits until the workers of this run have left, has the suite finished, and gives the main process's lease back.
   * The last one to leave lets the teardown begin, and that must not be us while a worker still cleans up.
   *
   * @returns what the suite's final body failed with, if it did
   */
  async leave(interruption: Interruption): Promise<Failure | undefined> {
    if (this.over) return undefined;
    this.over = true;
    const { hurried } = interruption;
    const left = new Promise<void>((resolve) => {
      this.onStep = () => {
        if (this.workers() === 0) resolve();
      };
      if (this.workers() === 0) resolve();
    });
    // A worker that outlasts the wait has a lease of its own.
    await within(Promise.race([left, this.session.lost, hurried]), LEAVE_MS, () => undefined);
    const failure = this.leavesSuite(interruption) ? undefined : await Promise.race([this.finish(), hurried]);
    if (this.notStored !== undefined) process.stderr.write(`${await this.gather(this.notStored)}\n`);
    this.session.close();
    return failure ?? undefined;
  }

  /**
   * What mock LLMs have to tell of the run; nothing when there is no coordinator any more.
   *
   * @param since Milliseconds since 1970: when it began.
   */
  llmLines(since: number): Promise<readonly string[]> {
    const state = this.over ? undefined : this.latest?.state;
    return state === undefined ? Promise.resolve([]) : llmLines(this.plan, state, since);
  }

  /**
   * What was not well since then, in the latest generation.
   *
   * @param since Milliseconds since 1970.
   */
  incidents(since: number): readonly Incident[] {
    return this.latest?.state.incidents.filter(({ until = Infinity }) => until >= since) ?? [];
  }

  /** What is needed to understand a failure, while nothing is torn down; returns the line that says where it is. */
  gather(failure: Failure): Promise<string> {
    const { welcome, file } = this.session;
    const { logDir } = welcome;
    const secrets = secretsIn(this.plan);
    return gatherLine({
      logDir,
      file,
      reason: failure.message,
      failure,
      secrets,
      versions: { vitest: this.self.vitest },
    });
  }

  /** Tells, before the budget for specs ends, what it is spent on. Returns how to stop that. */
  watchSpecs(running: () => readonly string[]): () => void {
    return watchSpecs(this.watched(Date.now()), running);
  }

  private watched(since: number): Watched {
    const tell = (line: string): void => void process.stderr.write(`${line}\n`);
    return { plan: this.plan, since, latest: () => this.latest, tell };
  }

  /** Where the time went, where the config has budgets for it. */
  timeLines(): readonly string[] {
    const { budgets } = this.plan;
    const graph = this.latest?.state.graph;
    if (budgets === undefined || graph === undefined) return [];
    return timeLines(graph, timesOf(graph, readEvents(this.session.welcome.logDir), Date.now()), budgets);
  }

  /** What became of the images. */
  imageLines(): readonly string[] {
    return this.latest === undefined ? [] : buildLines(this.latest.state.graph, this.latest.state.builds);
  }

  /** At once, whatever its workers do: another generation takes this one's place. */
  close(): void {
    this.over = true;
    this.session.close();
  }

  /** To the coordinator, which finishes what nobody waits for: a first body that is under way takes its time to end. */
  private leavesSuite({ isCancelled, isHurried }: Interruption): boolean {
    return isHurried || (isCancelled && this.latest?.state.resources[SUITE]?.state === 'starting');
  }

  private async finish(): Promise<Failure | undefined> {
    if (finishMs(this.plan) === 0) return undefined;
    try {
      return (await answered(this.session.finish(), finishMs(this.plan))).failure;
    } catch (error) {
      return toFailure(error, 'AFTER_SUITE_FAILED');
    }
  }

  private take(step: Step): void {
    this.latest = step.progress;
    const { event } = step;
    if (event?.kind === 'reported' && step.progress.state.leases[event.lease]?.run === this.self.run) {
      this.self.onReported(event.failure);
    }
    if (event?.kind === 'flushed' && event.failure !== undefined) {
      this.notStored ??= event.failure;
      this.self.onReported(event.failure);
    }
    this.onStep(step);
  }

  private workers(): number {
    const leases = Object.values(this.latest?.state.leases ?? {});
    return leases.filter(({ role, run }) => role === 'worker' && run === this.self.run).length;
  }
}

const LOSSES: ReadonlySet<string> = new Set(['COORDINATOR_LOST', 'LEASE_REVOKED', 'STOPPED']);

/** Whether it is the generation that failed, rather than something in it. */
export function isLoss({ code }: Failure): boolean {
  return LOSSES.has(code);
}

/** What everybody may use; the suite is Greenroom's own. */
export function endpointsOf({ endpoints }: ReadyReply): ReadyReply['endpoints'] {
  const { [SUITE]: _, ...rest } = endpoints;
  return rest;
}

/** Milliseconds that leaving can take beyond what Vitest has for closing: what comes at the end is not to be cut short. */
export function leaveMs(plan: Plan): number {
  const ms = finishMs(plan);
  return ms === 0 ? 0 : LEAVE_MS + ms;
}
