/** Resources of which each slot has one of its own: a slice of such a resource is a start of it. */
import { unhealthyText } from '../health/incidents.ts';
import { toFailure, GreenroomError, type Failure } from '../protocol/failure.ts';
import type { ChaosAct } from '../protocol/messages.ts';
import type { Endpoint, Endpoints, Json } from '../protocol/plan.ts';
import type { ResourceContext, SliceMaker } from '../resources/driver.ts';
import type { NewEvent } from './events.ts';

/** One start, until it is torn down; a `ResourceRun`. */
interface Start {
  start(needs: Endpoints, epoch: number): void;
  clean(): Promise<void>;
  check(): Promise<void>;
  chaos(act: ChaosAct): Promise<void>;
}

/** Begins a start for a slot. What becomes of it comes as events: `ready`, `failed`, `cleaned`. */
export type Begin = (slot: number, dispatch: (event: NewEvent) => void) => Start;

interface Instance {
  readonly slot: number;
  readonly endpoint: Promise<Endpoint>;
  state: 'starting' | 'up' | 'ended';
  /** Its holder, told when it ends by itself. */
  lost: ((failure: Failure) => void) | undefined;
  /** Checks in a row that did not pass. */
  refused: number;
  /** Asks how it is. */
  check(): Promise<void>;
  chaos(act: ChaosAct): Promise<void>;
  /** Ends a start that is under way. */
  callOff(): void;
  /** Rejects with what could not be removed. */
  stop(): Promise<void>;
}

/**
 * Starts one for each slot. It is stopped with its holder's lease; with a `reset` it is kept with the slot, and is
 * reset before the slot's next holder gets it.
 */
export class SlotInstances implements SliceMaker {
  private readonly ctx: ResourceContext;
  private readonly begin: Begin;
  private readonly failAll: (failure: Failure) => void;
  /** Names of those that somebody waits for or has. */
  private readonly wanted = new Set<string>();
  private readonly held = new Map<string, Instance>();
  /** By slot: the one that its last holder left behind. */
  private readonly kept = new Map<number, Instance>();
  /** By slot: the end of what its last holder had. */
  private readonly stopping = new Map<number, Promise<void>>();
  private starts = 0;
  private wasUp = false;

  /** @param failAll ends the resource for all: while none has ever started, none ever will. */
  constructor(ctx: ResourceContext, begin: Begin, failAll: (failure: Failure) => void) {
    this.ctx = ctx;
    this.begin = begin;
    this.failAll = failAll;
    ctx.defer(`${ctx.name} of slots without a worker`, () => this.close());
  }

  /** @throws GreenroomError what kept it from starting */
  async make(name: string, slot: number, lost: (failure: Failure) => void, needs: Endpoints): Promise<Endpoint> {
    this.wanted.add(name);
    await this.stopping.get(slot);
    const kept = await this.again(slot);
    if (!this.wanted.has(name)) {
      if (kept !== undefined) await this.stop(kept);
      throw calledOff();
    }
    const instance = kept ?? this.start(slot, needs);
    instance.lost = lost;
    this.held.set(name, instance);
    try {
      const endpoint = await instance.endpoint;
      this.wasUp = true;
      return endpoint;
    } catch (error) {
      if (!this.wasUp && this.wanted.has(name)) this.failAll(toFailure(error, 'RESOURCE_START_FAILED'));
      throw error;
    }
  }

  abandon(name: string): void {
    this.wanted.delete(name);
    this.held.get(name)?.callOff();
  }

  /** Until two answers agree, or one is good. */
  async check(name: string): Promise<void> {
    const instance = this.held.get(name);
    await instance?.check();
    if (instance?.refused === 1) await instance.check();
  }

  async chaos(name: string, act: ChaosAct): Promise<void> {
    await this.held.get(name)?.chaos(act);
  }

  async drop(name: string): Promise<void> {
    const instance = this.held.get(name);
    this.held.delete(name);
    if (instance === undefined) return;
    instance.lost = undefined;
    if (this.ctx.plan.reset !== undefined && instance.state === 'up') this.kept.set(instance.slot, instance);
    else await this.stop(instance);
  }

  /** The one that is kept with the slot, as new; undefined when there is none, or it could not be reset. */
  private async again(slot: number): Promise<Instance | undefined> {
    const { ctx } = this;
    const { reset, startTimeout } = ctx.plan;
    const instance = this.kept.get(slot);
    this.kept.delete(slot);
    if (instance === undefined || reset === undefined) return undefined;
    try {
      await ctx.call(reset, [(await instance.endpoint) as Json], startTimeout);
      if (instance.state === 'up') return instance;
    } catch (error) {
      ctx.note(`it is started anew for slot ${slot}: ${toFailure(error, 'FUNCTION_FAILED').message}`);
    }
    await this.stop(instance);
    return undefined;
  }

  private start(slot: number, needs: Endpoints): Instance {
    const ready = Promise.withResolvers<Endpoint>();
    const cleaned = Promise.withResolvers<void>();
    // Whoever waits for them is told; nobody needs to.
    ready.promise.catch(() => undefined);
    cleaned.promise.catch(() => undefined);
    const run = this.begin(slot, (event) => {
      if (event.kind === 'ready') {
        instance.state = 'up';
        ready.resolve(event.endpoint);
      } else if (event.kind === 'failed') {
        if (instance.state === 'up') instance.lost?.(event.failure);
        instance.state = 'ended';
        ready.reject(new GreenroomError(event.failure));
      } else if (event.kind === 'checked') {
        this.heard(instance, event.problem);
      } else if (event.kind === 'cleaned') {
        if (event.problems === undefined) cleaned.resolve();
        else cleaned.reject(new Error(event.problems.join('; ')));
      }
    });
    const instance: Instance = {
      slot,
      endpoint: ready.promise,
      state: 'starting',
      lost: undefined,
      refused: 0,
      check: () => run.check(),
      chaos: (act) => run.chaos(act),
      callOff: () => ready.reject(calledOff()),
      async stop() {
        await run.clean();
        await cleaned.promise;
      },
    };
    this.starts += 1;
    run.start(needs, this.starts);
    return instance;
  }

  /** The second check in a row that does not pass ends it; its holder's next wait starts another. */
  private heard(instance: Instance, problem: Extract<NewEvent, { kind: 'checked' }>['problem']): void {
    instance.refused = problem === undefined ? 0 : instance.refused + 1;
    if (problem === undefined || instance.state !== 'up') return;
    if (instance.refused === 1) {
      void instance.check();
      return;
    }
    instance.state = 'ended';
    const { subject } = this.ctx;
    const { what, answer, ...log } = problem;
    const message = unhealthyText(this.ctx.name, what, answer);
    instance.lost?.({ code: 'RESOURCE_UNHEALTHY', message, subject, ...log });
  }

  private async stop(instance: Instance): Promise<void> {
    const { slot } = instance;
    const stopping = instance.stop();
    const over = stopping
      .catch(() => undefined)
      .finally(() => {
        if (this.stopping.get(slot) === over) this.stopping.delete(slot);
      });
    this.stopping.set(slot, over);
    await stopping;
  }

  private async close(): Promise<void> {
    const kept = [...this.kept.values()];
    this.kept.clear();
    await Promise.all(kept.map((instance) => this.stop(instance)));
  }
}

const calledOff = (): Error => new Error('called off: nobody waits for it any more');
