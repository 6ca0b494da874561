import { randomUUID } from 'node:crypto';
import type { TestProject, Vitest } from 'vitest/node';
import { exitCodeOf } from '../attribution/exit-code.ts';
import { isGreenroomError, type Failure } from '../protocol/failure.ts';
import type { Plan } from '../protocol/plan.ts';
import { failureLines } from '../report/failure.ts';
import { Environment } from './environment.ts';
import { interruptionOf, type Interruption } from './interruption.ts';
import type { Docblock } from './joined.ts';
import { contentsOf, eagerSet, patienceFor, resourceNames } from './needs.ts';
import { ownFailure } from './own-failure.ts';
import { Plans } from './plans.ts';
import { declareTags, publish } from './projects.ts';
import type { ReporterOptions } from './reporter/index.ts';
import { recordOf } from './run-record.ts';
import { isRunning, runningSpecs } from './running.ts';
import { docblocksOf, select } from './selection.ts';
import { slowLines } from './slow.ts';
import { endpointsOf, isLoss, leaveMs, View } from './view.ts';

export interface RunOptions extends ReporterOptions {
  /** Specs that failed for the infrastructure are tried once more. */
  readonly retry?: 'infra' | undefined;
}

/** What a run begins with. */
interface Wanted {
  readonly plan: Plan;
  readonly eager: readonly string[];
  readonly docblocks: Readonly<Record<string, Docblock>>;
}

/** The infrastructure of a Vitest process, over all of its runs. */
export class Infrastructure {
  private readonly vitest: Vitest;
  private readonly projects: readonly TestProject[];
  private readonly interruption: Interruption;
  private readonly infraExitCode: number | undefined;
  private readonly retry: 'infra' | undefined;
  private readonly plans: Plans;
  private readonly environment = new Environment();
  private readonly run = randomUUID();
  private view: View | undefined;
  /** The first whose coordinator died. */
  private lostView: View | undefined;
  private wanted: Wanted | undefined;
  /** What is being prepared, or was last. */
  private preparing: Promise<void> = Promise.resolve();
  private left = false;
  /** What Vitest has for closing, without us. */
  private readonly teardownTimeout: number;

  constructor(vitest: Vitest, projects: readonly TestProject[], { infraExitCode, retry }: RunOptions) {
    this.vitest = vitest;
    this.teardownTimeout = vitest.config.teardownTimeout;
    this.projects = projects;
    this.interruption = interruptionOf(vitest);
    this.infraExitCode = infraExitCode;
    this.retry = retry;
    this.plans = new Plans(vitest);
  }

  /**
   * Starts or joins what these files need, waits until it is ready, and tells every worker about it. Never rejects for
   * what is wrong with the infrastructure, because Vitest would then report no file at all: it is published, and each
   * file that it concerns fails with it.
   */
  prepare(files: readonly string[]): Promise<void> {
    this.preparing = this.stage(files).catch((error: unknown) => this.giveUp(ownFailure(error)));
    return this.preparing;
  }

  /** Gives everything back, once the workers are gone. */
  async leave(): Promise<void> {
    if (this.left) return;
    this.left = true;
    const failure = await this.view?.leave(this.interruption);
    this.environment.restore();
    if (failure !== undefined) this.fail(failure);
  }

  private async stage(files: readonly string[]): Promise<void> {
    this.environment.restore();
    const plan = await this.plans.current();
    const since = Date.now();
    const record = recordOf(this.vitest);
    record.planned = true;
    record.gather = async (failure) => {
      const view = failure.code === 'COORDINATOR_LOST' ? (this.lostView ?? this.view) : this.view;
      return view?.gather(failure);
    };
    record.llmLines = async () => (await this.view?.llmLines(since)) ?? [];
    record.incidents = () => this.view?.incidents(since) ?? [];
    declareTags(this.projects, [...resourceNames(plan), ...Object.keys(plan.gates)]);
    const selection = select(files, plan, this.vitest.config.root);
    const eager = eagerSet(plan, [...selection.values()]);
    const docblocks = docblocksOf(selection);
    if (eager.length === 0) {
      publish(this.projects, {}, { docblocks, resources: contentsOf(plan).resources });
      return;
    }
    this.vitest.config.teardownTimeout = this.teardownTimeout + leaveMs(plan);
    this.wanted = { plan, eager, docblocks };
    await this.bringUp(this.wanted).catch((error: unknown) => {
      if (!isGreenroomError(error) || !isLoss(error.failure) || !this.mayRestart(error.failure)) throw error;
      return this.bringUp(this.wanted as Wanted);
    });
  }

  private async bringUp({ plan, eager, docblocks }: Wanted): Promise<void> {
    const view = await this.enter(plan);
    const outcome = await view.ready(eager);
    const { file } = view.session;
    const endpoints = endpointsOf(outcome);
    this.environment.set({ ...outcome.env, GREENROOM_FILE: file, GREENROOM_RUN: this.run });
    publish(this.projects, endpoints, {
      file,
      run: this.run,
      ...contentsOf(plan),
      docblocks,
      ...(plan.suiteModule === undefined ? {} : { suite: plan.suiteModule }),
      ...(this.retry === undefined ? {} : { retry: this.retry }),
      patience: patienceFor(plan),
    });
    if (outcome.failure !== undefined) this.note(outcome.failure);
    recordOf(this.vitest).specsOver?.();
    const over = view.watchSpecs(() => runningSpecs(this.vitest));
    recordOf(this.vitest).specsOver = () => {
      over();
      const times = view.timeLines();
      const slow = times.length === 0 ? [] : slowLines(this.vitest.state.getFiles());
      return [...view.imageLines(), ...times, ...slow];
    };
  }

  /** The generation of this plan; one that it takes the place of is left. */
  private async enter(plan: Plan): Promise<View> {
    const old = this.view;
    if (old?.serves(plan) === true) return old;
    this.environment.restore();
    // Two configs under one explicit key: the next would be refused as long as we use the last.
    if (old?.plan.key === plan.key) old.close();
    const view = await View.open(plan, {
      run: this.run,
      workers: this.vitest.config.maxWorkers,
      vitest: this.vitest.version,
      onReported: (failure) => this.fail(failure),
    });
    old?.close();
    if (this.left) view.close();
    this.view = view;
    void view.session.lost.then((failure) => this.lost(view, failure));
    return view;
  }

  /** Workers fail their present file with it, and look for the next generation when they begin the next one. */
  private async lost(view: View, failure: Failure): Promise<void> {
    // What is being prepared notices by itself.
    await this.preparing;
    if (view !== this.view || this.left || !isRunning(this.vitest)) return;
    this.lostView ??= view;
    if (!this.mayRestart(failure)) return this.abandon();
    this.preparing = this.bringUp(this.wanted as Wanted).catch((error: unknown) => {
      // The run has ended meanwhile, and nobody needs it.
      if (this.left) return;
      this.note(ownFailure(error));
      this.abandon();
    });
  }

  /** Once in a run, and not when somebody has stopped the infrastructure on purpose. */
  private mayRestart(failure: Failure): boolean {
    if (this.left) return false;
    const record = recordOf(this.vitest);
    record.losses = [...record.losses, failure];
    this.tell(failure);
    return record.losses.length === 1 && failure.code !== 'STOPPED';
  }

  private abandon(): void {
    this.vitest.logger.error('greenroom: the rest of the run is cancelled');
    // What the run itself rejects with is told where it was begun.
    void this.vitest.cancelCurrentRun('test-failure').catch(() => undefined);
  }

  private giveUp(failure: Failure): void {
    if (this.left || this.interruption.isCancelled) return;
    if (isLoss(failure)) this.view = undefined;
    this.note(failure);
    publish(this.projects, {}, { failure });
  }

  /** Once, with everything that is known; the files that fail with it say only what it is. */
  private note(failure: Failure): void {
    recordOf(this.vitest).failure ??= failure;
    this.tell(failure);
  }

  /** What no file can carry any more makes the process fail. */
  private fail(failure: Failure): void {
    const record = recordOf(this.vitest);
    record.reported = [...record.reported, failure];
    this.tell(failure);
    const outcome = { runner: 0, logic: false, unsure: false, causes: [failure.code], givenUp: false, ran: true };
    process.exitCode ||= exitCodeOf(outcome, this.infraExitCode);
  }

  private tell(failure: Failure): void {
    this.vitest.logger.error(failureLines(failure).join('\n'));
  }
}
