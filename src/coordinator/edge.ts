import type { Failure } from '../protocol/failure.ts';
import { toFailure } from '../protocol/failure.ts';
import type { Endpoints } from '../protocol/plan.ts';
import { watchGate } from '../gates/watch.ts';
import type { Dispatcher } from './dispatcher.ts';
import type { Effect } from './events.ts';
import { inStartOrder } from './graph.ts';
import { Publisher, readyEndpoints } from './publisher.ts';
import type { Surroundings } from './resource-context.ts';
import { livesInHost } from './config-host.ts';
import { gateLease, gateName } from './gate-keys.ts';
import { recordLateStart } from './late-start.ts';
import { ResourceRun } from './resource-run.ts';
import type { SliceRack } from './slice-rack.ts';
import { slicesOf } from './slices.ts';
import { awaitedGeneration } from './waiters.ts';

/** What the edge needs of the door and of the process around it. */
export interface Outside {
  reply(member: string, request: number, value: unknown): void;
  fail(member: string, request: number, failure: Failure): void;
  /** Members, or those of one lease, are to ask for a resource again. */
  changed(resource: string, lease?: string): void;
  dismiss(member: string, failure: Failure): void;
  closeDoor(): void;
  exit(): void;
}

/** Carries out what the reducer wants done. What comes of it comes back as events. */
export class Edge {
  private readonly around: Surroundings;
  private readonly dispatcher: Dispatcher;
  private readonly outside: Outside;
  private readonly publisher: Publisher;
  private readonly runs = new Map<string, ResourceRun>();
  private readonly gates = new Map<string, AbortController>();
  private readonly timers = new Map<string, NodeJS.Timeout>();

  constructor(around: Surroundings, dispatcher: Dispatcher, outside: Outside) {
    this.around = around;
    this.dispatcher = dispatcher;
    this.outside = outside;
    this.publisher = new Publisher(around.plan, (fn, args, timeout) => around.call(fn, args, timeout));
  }

  carryOut(effect: Effect): void {
    switch (effect.do) {
      case 'start':
        this.start(effect.resource, effect.epoch);
        break;
      case 'clean':
        void this.clean(effect.resource);
        break;
      case 'restart':
        this.runs.get(effect.resource)?.restart(effect.epoch, effect.failure);
        break;
      case 'check':
        void this.runs.get(effect.resource)?.check();
        break;
      case 'tell':
        this.outside.changed(effect.resource, effect.lease);
        break;
      case 'make-slice':
        void this.makeSlice(effect.slice, effect.resource, effect.slot);
        break;
      case 'drop-slice':
        void this.dropSlice(effect.slice, effect.resource);
        break;
      case 'act-on-slices':
        void this.actOnSlices(effect);
        break;
      case 'chaos':
        void this.chaos(effect);
        break;
      case 'probe-gate':
        this.probeGate(effect.gate);
        break;
      case 'rest-gate':
        this.gates.get(effect.gate)?.abort();
        this.gates.delete(effect.gate);
        break;
      case 'answer-ready':
        this.answerReady(effect.member, effect.request, effect.lease);
        break;
      case 'answer-failed':
        this.outside.fail(effect.member, effect.request, effect.failure);
        break;
      case 'answer-finished':
        void this.answerFinished(effect);
        break;
      case 'answer-health':
        this.outside.reply(effect.member, effect.request, effect.count);
        break;
      case 'revoke':
        this.outside.dismiss(effect.member, effect.failure);
        break;
      case 'set-timer':
        this.setTimer(effect.timer, effect.ms);
        break;
      case 'clear-timer':
        this.clearTimer(effect.timer);
        break;
      case 'close-door':
        this.outside.closeDoor();
        break;
      case 'exit':
        this.outside.exit();
    }
  }

  /** A retry is for the user's `env` function too. */
  forgetEnv(): void {
    this.publisher.forget();
  }

  /** Asks how these resources are, and this lease's own parts of them. Never rejects. */
  async checkHealth(resources: readonly string[], lease: string): Promise<void> {
    const { slices } = this.dispatcher.state;
    const own = Object.entries(slices).filter(
      ([, slice]) => slice.lease === lease && resources.includes(slice.resource),
    );
    await Promise.all([
      ...resources.map((name) => this.runs.get(name)?.check()),
      ...own.map(([id, { resource }]) => this.rackOf(resource).check(id)),
    ]);
  }

  /** Who joins may use everything. */
  forgetFlushes(): void {
    for (const run of this.runs.values()) run.forgetFlush();
  }

  /** The config host died, and with it every custom resource that was up, and the suite. */
  customResourcesLost(cause: Failure): void {
    for (const name of Object.keys(this.around.plan.resources)) {
      if (!livesInHost(this.around.plan, name) || this.dispatcher.state.resources[name]?.state !== 'ready') continue;
      this.runs.get(name)?.fail({ code: 'RESOURCE_LOST', message: `${name} was lost`, subject: name, cause });
    }
  }

  private start(name: string, epoch: number): void {
    const run = new ResourceRun(this.around, name, (event) => this.dispatcher.dispatch(event));
    this.runs.set(name, run);
    run.start(this.endpointsFor(this.around.plan.resources[name]?.needs), epoch);
  }

  private async clean(name: string): Promise<void> {
    const resource = this.dispatcher.state.resources[name];
    const wasLate = resource?.state === 'failed' && resource.failure.code === 'RESOURCE_START_TIMEOUT';
    if (wasLate) await recordLateStart(this.around, name);
    await this.runs.get(name)?.clean();
  }

  /** @param lease whose parts are to be seen; without it, the whole of everything */
  private endpointsFor(needs: Readonly<Record<string, string>> = {}, lease?: string): Endpoints {
    const { state } = this.dispatcher;
    const ready = { ...readyEndpoints(state), ...(lease === undefined ? {} : slicesOf(state, lease)) };
    return Object.fromEntries(Object.entries(needs).map(([alias, name]) => [alias, ready[name] ?? {}]));
  }

  private probeGate(name: string): void {
    const { plan, call } = this.around;
    const gate = plan.gates[gateName(name)];
    if (gate === undefined) return;
    const resting = new AbortController();
    this.gates.set(name, resting);
    const context = {
      // Each worker has what is its own to itself.
      workers: () => (gateLease(name) === undefined ? awaitedGeneration(this.dispatcher.state, name) : 1),
      needs: this.endpointsFor(gate.needs, gateLease(name)),
      root: plan.root,
      env: plan.env,
      signal: resting.signal,
      call,
    };
    void watchGate(gate, context, {
      passed: (generation) =>
        this.dispatcher.dispatch({
          kind: 'gate.passed',
          gate: name,
          ...(generation === undefined ? {} : { generation }),
        }),
      refused: (answer) => this.dispatcher.dispatch({ kind: 'gate.refused', gate: name, answer }),
    }).catch((error: unknown) => {
      const failure = toFailure(error, 'FUNCTION_FAILED', name);
      this.dispatcher.dispatch({ kind: 'gate.failed', gate: name, failure });
    });
  }

  private async makeSlice(slice: string, resource: string, slot: number): Promise<void> {
    const needs = this.endpointsFor(
      this.around.plan.resources[resource]?.needs,
      this.dispatcher.state.slices[slice]?.lease,
    );
    const lost = (failure: Failure): void => this.dispatcher.dispatch({ kind: 'slice.lost', slice, failure });
    try {
      const endpoint = await this.rackOf(resource).make(slice, slot, lost, needs);
      this.dispatcher.dispatch({ kind: 'slice.made', slice, endpoint });
    } catch (error) {
      const failure = { subject: resource, ...toFailure(error, 'SLICE_FAILED') };
      // That the whole of it is not well is the better reason, and who waits is held for it.
      await this.runs.get(resource)?.check();
      this.dispatcher.dispatch({ kind: 'slice.failed', slice, failure });
    }
  }

  private async dropSlice(slice: string, resource: string): Promise<void> {
    const problems = await this.rackOf(resource).drop(slice);
    this.dispatcher.dispatch({ kind: 'slice.dropped', slice, ...(problems.length > 0 ? { problems } : {}) });
  }

  private async actOnSlices({ member, request, act, slices }: Extract<Effect, { do: 'act-on-slices' }>): Promise<void> {
    try {
      const acts = Object.entries(slices).map(async ([slice, resource]) => {
        const done = act === 'keep' ? this.rackOf(resource).keep(slice) : await this.rackOf(resource).reset(slice);
        return done ? [resource] : [];
      });
      this.outside.reply(member, request, (await Promise.all(acts)).flat());
    } catch (error) {
      this.outside.fail(member, request, toFailure(error, 'SLICE_FAILED'));
    }
  }

  private async chaos(effect: Extract<Effect, { do: 'chaos' }>): Promise<void> {
    const { member, request, resource, act, whose, slice } = effect;
    try {
      if (slice === undefined) await this.runs.get(resource)?.chaos(act);
      else await this.rackOf(resource).chaos(slice, act);
      this.outside.reply(member, request, null);
    } catch (error) {
      this.dispatcher.dispatch({ kind: 'chaos.failed', whose });
      this.outside.fail(member, request, toFailure(error, 'CHAOS_FAILED', resource));
    }
  }

  private rackOf(resource: string): SliceRack {
    const run = this.runs.get(resource);
    if (run === undefined) throw new Error(`${resource} was never started`);
    return run.slices;
  }

  private answerReady(member: string, request: number, lease: string): void {
    this.publisher.publish(this.dispatcher.state, lease).then(
      (reply) => this.outside.reply(member, request, reply),
      (error: unknown) => this.outside.fail(member, request, toFailure(error, 'FUNCTION_FAILED', 'env')),
    );
  }

  /** The last one is answered when all is stored, so that it can tell what is not. What needs another is flushed first. */
  private async answerFinished({ member, request, reply }: Extract<Effect, { do: 'answer-finished' }>): Promise<void> {
    if (reply.last) for (const name of this.readyInReverse()) await this.runs.get(name)?.flush();
    // What is held can be used without a lease.
    if (this.dispatcher.state.hold) this.forgetFlushes();
    this.outside.reply(member, request, reply);
  }

  private readyInReverse(): readonly string[] {
    const { graph, resources } = this.dispatcher.state;
    return inStartOrder(graph, Object.keys(graph.resources))
      .toReversed()
      .filter((name) => resources[name]?.state === 'ready');
  }

  private setTimer(timer: string, ms: number): void {
    this.clearTimer(timer);
    const fire = (): void => {
      this.timers.delete(timer);
      this.dispatcher.dispatch({ kind: 'timer', timer });
    };
    this.timers.set(timer, setTimeout(fire, ms));
  }

  private clearTimer(timer: string): void {
    clearTimeout(this.timers.get(timer));
    this.timers.delete(timer);
  }
}
