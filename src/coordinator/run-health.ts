import { join } from 'node:path';
import { within } from '../platform/deadline.ts';
import { Monitor } from '../health/monitor.ts';
import { GreenroomError, toFailure, type Failure } from '../protocol/failure.ts';
import type { Endpoint, Endpoints, FunctionRef, Json, ResourcePlan } from '../protocol/plan.ts';
import type { Care } from '../resources/driver.ts';
import type { NewEvent } from './events.ts';
import type { Surroundings } from './resource-context.ts';

/** How one start of a resource is checked and brought back, once it is ready. */
export class RunHealth {
  private readonly around: Surroundings;
  private readonly name: string;
  private readonly logFile: string;
  private readonly calledOff: AbortSignal;
  private readonly dispatch: (event: NewEvent) => void;
  private care: Care | undefined;
  private needs: Endpoints = {};
  /** As it was published. */
  private endpoint: Endpoint = {};
  private monitor: Monitor | undefined;
  /** The attempt that is under way; it may still make things after it was called off. */
  restarting: Promise<unknown> = Promise.resolve();

  constructor(
    around: Surroundings,
    name: string,
    label: string,
    calledOff: AbortSignal,
    dispatch: (event: NewEvent) => void,
  ) {
    this.around = around;
    this.name = name;
    this.logFile = join(around.generation.logDir, `${label}.log`);
    this.calledOff = calledOff;
    this.dispatch = dispatch;
  }

  offer(care: Care): void {
    this.care = care;
  }

  get canRestart(): boolean {
    return this.care?.restart !== undefined || this.plan?.heal !== undefined;
  }

  /** It is ready: from here on it is checked. */
  begin(needs: Endpoints, endpoint: Endpoint): void {
    this.needs = needs;
    this.endpoint = endpoint;
    this.renew();
  }

  close(): void {
    this.monitor?.close();
  }

  check(): Promise<void> {
    return this.monitor?.check() ?? Promise.resolve();
  }

  /** One attempt: by the user's own function, where that is enough, else by a restart. Never rejects. */
  async restart(epoch: number, failure: Failure): Promise<void> {
    const { name, calledOff } = this;
    const attempt = this.attempt(failure);
    this.restarting = attempt;
    try {
      const endpoint = await attempt;
      if (calledOff.aborted) return;
      this.endpoint = endpoint;
      this.renew();
      this.dispatch({ kind: 'ready', resource: name, endpoint: { ...endpoint, epoch } });
    } catch (error) {
      if (calledOff.aborted) return;
      this.dispatch({
        kind: 'failed',
        resource: name,
        failure: { subject: name, ...toFailure(error, 'RESOURCE_LOST') },
      });
    }
  }

  private get plan(): ResourcePlan | undefined {
    return this.around.plan.resources[this.name];
  }

  /** A new start of it has answers of its own. */
  private renew(): void {
    const { around, care, needs, plan, logFile, calledOff } = this;
    this.monitor?.close();
    this.monitor = undefined;
    const probe = plan?.healthy ?? care?.probe;
    if (probe === undefined || care === undefined) return;
    const context = {
      self: care.endpoint,
      needs,
      root: around.plan.root,
      env: around.plan.env,
      logFile,
      signal: calledOff,
      call: around.call,
    };
    this.monitor = new Monitor(probe, context, (problem) =>
      this.dispatch({ kind: 'checked', resource: this.name, ...(problem === undefined ? {} : { problem }) }),
    );
    if (plan?.healthy !== undefined) this.monitor.watch();
  }

  private async attempt(failure: Failure): Promise<Endpoint> {
    const { plan, care: { restart } = {} } = this;
    const ms = plan?.startTimeout ?? 0;
    if (plan?.heal !== undefined && (await this.heals(plan.heal, failure, ms))) return this.endpoint;
    if (restart === undefined) throw new Error(`${this.name} is not well, and \`heal\` has not helped`);
    const late = new AbortController();
    return within(restart(AbortSignal.any([this.calledOff, late.signal])), ms, () => {
      const overdue = new GreenroomError({
        code: 'RESOURCE_START_TIMEOUT',
        message: `${this.name} was not ready again within ${ms} ms`,
        subject: this.name,
      });
      late.abort(overdue);
      throw overdue;
    });
  }

  /** Whether the user's own function has mended it. Without a probe, where it cannot be restarted, it is believed. */
  private async heals(heal: FunctionRef, { code, message }: Failure, ms: number): Promise<boolean> {
    await this.around.call(heal, [this.endpoint as Json, { code, message }], ms);
    if (this.monitor === undefined) return this.care?.restart === undefined;
    return (await this.monitor.look()) === undefined;
  }
}
