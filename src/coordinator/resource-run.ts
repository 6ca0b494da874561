import { faultPoint } from '../platform/fault.ts';
import { within } from '../platform/deadline.ts';
import { GreenroomError, toFailure, type Failure } from '../protocol/failure.ts';
import type { ChaosAct } from '../protocol/messages.ts';
import { teardownMs, type Endpoint, type Endpoints, type ResourcePlan } from '../protocol/plan.ts';
import type { ResourceContext } from '../resources/driver.ts';
import { driverOf } from '../resources/drivers.ts';
import type { FlushOutcome, NewEvent } from './events.ts';
import { flush, flushTooLate } from './flush.ts';
import { createContext, type Surroundings } from './resource-context.ts';
import { sliceName } from './names.ts';
import { SliceRack } from './slice-rack.ts';
import { Processes } from './processes.ts';
import { RunHealth } from './run-health.ts';
import { SlotInstances, type Begin } from './slot-instances.ts';
import { UndoStack } from './undo-stack.ts';

/** Time a step of the teardown has beyond the resource's own stop time-out. */
const UNDO_MARGIN_MS = 5_000;

/** One for each slot has deadlines of its own: its last holder's is stopped or reset first. */
function limitsOf(plan: ResourcePlan | undefined): { readonly make: number; readonly drop: number } {
  const { startTimeout = 0, stopTimeout = 0, scope } = plan ?? {};
  const one = { make: startTimeout, drop: stopTimeout };
  if (plan === undefined || scope === undefined) return one;
  const drop = teardownMs(plan) + UNDO_MARGIN_MS;
  return { make: 2 * startTimeout + drop, drop };
}

/** One start of one resource, until it is torn down. */
export class ResourceRun {
  private readonly around: Surroundings;
  private readonly name: string;
  private readonly dispatch: (event: NewEvent) => void;
  /** Whose own it is, where each slot has one. */
  private readonly slot: number | undefined;
  private readonly calledOff = new AbortController();
  private readonly undo = new UndoStack();
  readonly slices: SliceRack;
  /** In logs and messages. */
  private readonly label: string;
  /** The driver on its way; it may still make things after its start was called off. */
  private driving: Promise<unknown> = Promise.resolve();
  private lastAnswer: string | undefined;
  private readonly processes = new Processes();
  private readonly health: RunHealth;
  /** Once it is ready: how it is flushed. */
  private flushing: (() => Promise<FlushOutcome>) | undefined;
  /** What it had accepted is gone with it. */
  private lost = false;
  /** Under way, or done and not used since. */
  private flushed: Promise<void> | undefined;

  /** @param slot whose own it is, where each slot has one */
  constructor(around: Surroundings, name: string, dispatch: (event: NewEvent) => void, slot?: number) {
    this.around = around;
    this.name = name;
    // No resource can be called that: its log and its directories are its own.
    this.label = slot === undefined ? name : `${name}.${slot}`;
    this.slot = slot;
    this.dispatch = dispatch;
    this.slices = new SliceRack(name, limitsOf(around.plan.resources[name]), (slice) =>
      sliceName(around.generation, slice),
    );
    this.health = new RunHealth(around, name, this.label, this.calledOff.signal, dispatch);
  }

  /** Races ready, exit and deadline. What the outcome is comes as an event; this never rejects. */
  start(needs: Endpoints, epoch: number): void {
    void this.bringUp(needs, epoch);
  }

  /** Calls a start off, then undoes everything in reverse. Resolves when nothing is left; problems come as an event. */
  async clean(): Promise<void> {
    await this.flush();
    this.calledOff.abort(new Error('called off'));
    this.health.close();
    const ms = (this.around.plan.resources[this.name]?.stopTimeout ?? 0) + UNDO_MARGIN_MS;
    // Each slice tells by itself what of it could not be removed.
    await this.slices.close();
    const problems = [...(await this.undo.run(ms))];
    await within(Promise.allSettled([this.driving, this.health.restarting]), ms, () =>
      problems.push(`its start did not end within ${ms} ms`),
    );
    problems.push(...(await this.undo.run(ms)));
    faultPoint('stop.cleaned');
    this.dispatch({ kind: 'cleaned', resource: this.name, ...(problems.length > 0 ? { problems } : {}) });
  }

  /** Has it store what it has accepted; what came of that comes as an event. Once, as long as nobody has used it since. */
  flush(): Promise<void> {
    this.flushed ??= this.flushOnce();
    return this.flushed;
  }

  /** It is used again. */
  forgetFlush(): void {
    this.flushed = undefined;
  }

  private async flushOnce(): Promise<void> {
    const outcome = this.lost && this.flushing !== undefined ? flushTooLate(this.label) : await this.flushing?.();
    if (outcome !== undefined) this.around.flushed(this.label, outcome);
  }

  private async bringUp(needs: Endpoints, epoch: number): Promise<void> {
    const { name } = this;
    try {
      const endpoint = await this.race(needs);
      if (this.calledOff.signal.aborted) return;
      this.flushing = this.flusher(endpoint, needs);
      faultPoint('resource.ready');
      this.health.begin(needs, endpoint);
      this.dispatch({ kind: 'ready', resource: name, endpoint: { ...endpoint, epoch } });
    } catch (error) {
      if (this.calledOff.signal.aborted) return;
      const failure = { subject: name, ...toFailure(error, 'RESOURCE_START_FAILED') };
      this.dispatch({ kind: 'failed', resource: name, failure });
    }
  }

  private race(needs: Endpoints): Promise<Endpoint> {
    const plan = this.around.plan.resources[this.name];
    if (plan === undefined) throw new Error(`no resource ${this.name} in the plan`);
    return new Promise<Endpoint>((resolve, reject) => {
      let ready = false;
      const overdue = new AbortController();
      const timer = setTimeout(() => {
        const answer = this.lastAnswer === undefined ? '' : `; the last probe said: ${this.lastAnswer}`;
        const message = `${this.label} was not ready within ${plan.startTimeout} ms${answer}`;
        const late = context.error(
          'RESOURCE_START_TIMEOUT',
          message,
          'raise `startTimeout`, or see its log for what it waits for',
        );
        overdue.abort(late);
        reject(late);
      }, plan.startTimeout);
      const context = createContext(this.around, {
        name: this.label,
        subject: this.name,
        plan,
        slot: this.slot,
        needs,
        undo: this.undo,
        processes: this.processes,
        signal: AbortSignal.any([this.calledOff.signal, overdue.signal]),
        onSlices: (maker) => this.slices.offer(maker),
        onCare: (care) => this.health.offer(care),
        onAnswer: (answer) => this.heard(answer),
        onExit: (failure) => {
          if (ready) this.fail({ ...failure, code: 'RESOURCE_LOST', message: `${failure.message} while in use` });
          else reject(new GreenroomError({ ...failure, message: `${failure.message} before it was ready` }));
        },
      });
      this.calledOff.signal.addEventListener('abort', () => reject(new Error('called off')), { once: true });
      const driving =
        plan.scope === 'worker' && this.slot === undefined
          ? this.startPerSlot(context)
          : driverOf(plan).then((driver) => driver.start(context));
      this.driving = driving;
      driving
        .then((endpoint) => {
          ready = true;
          resolve(endpoint);
        }, reject)
        .finally(() => clearTimeout(timer));
    });
  }

  /** Each slot gets one of its own; what all have in common is nothing. */
  private startPerSlot(context: ResourceContext): Promise<Endpoint> {
    const { around, name } = this;
    const begin: Begin = (slot, dispatch) => new ResourceRun(around, name, dispatch, slot);
    context.offerSlices(new SlotInstances(context, begin, (failure) => this.fail(failure)));
    return Promise.resolve({});
  }

  /** Of one for each slot, each is flushed, and not what they have in common. */
  private flusher(endpoint: Endpoint, needs: Endpoints): (() => Promise<FlushOutcome>) | undefined {
    const plan = this.around.plan.resources[this.name];
    if (plan?.flush === undefined || (plan.scope === 'worker' && this.slot === undefined)) return undefined;
    return () => flush(this.around.call, this.label, plan, endpoint, needs);
  }

  /** A ready resource was lost: by the end of what it cannot do without, or from outside, as with the config host. */
  fail(failure: Failure): void {
    const final = this.health.canRestart ? {} : { final: true as const };
    this.lost = true;
    this.dispatch({ kind: 'failed', resource: this.name, failure, ...final });
  }

  /** Brings it back in its place. What becomes of it comes as an event; this never rejects. */
  restart(epoch: number, failure: Failure): void {
    this.lost = false;
    void this.health.restart(epoch, failure);
  }

  /** Asks how it is. Resolves when the answer has come as an event, or when there is nothing to ask. */
  check(): Promise<void> {
    return this.health.check();
  }

  /**
   * Does something to all of its processes; resolves when what is to end has ended.
   *
   * @throws GreenroomError CHAOS_FAILED when there is none, or it has not ended
   */
  async chaos(act: ChaosAct): Promise<void> {
    const ms = (this.around.plan.resources[this.name]?.stopTimeout ?? 0) + UNDO_MARGIN_MS;
    await this.processes.act(this.label, act, ms);
  }

  private heard(answer: string): void {
    if (answer === this.lastAnswer) return;
    this.lastAnswer = answer;
    this.around.note(this.name, answer);
  }
}
