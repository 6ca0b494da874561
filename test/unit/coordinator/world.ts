import { expect } from 'vitest';
import type { Effect, NewEvent } from '../../../src/coordinator/events.ts';
import { initialState, reduce } from '../../../src/coordinator/reducer.ts';
import type { Graph, State } from '../../../src/coordinator/state.ts';
import { Uses } from './uses-model.ts';

/** A small graph with a chain, a diamond and a loner. */
export const GRAPH: Graph = {
  linger: 2_000,
  leaseTimeout: 300_000,
  resources: {
    db: { needs: [], restart: { max: 2, backoff: 10, timeout: 5_000 } },
    llm: { needs: [], restart: { max: 1, backoff: 10, timeout: 5_000 } },
    migrate: { needs: ['db'] },
    api: { needs: ['migrate', 'llm'] },
    cache: { needs: [], slice: 'worker', restart: { max: 2, backoff: 10, timeout: 5_000 }, keepsSlices: true },
    files: { needs: [], slice: 'file', restart: { max: 2, backoff: 10, timeout: 5_000 } },
    shop: { needs: ['cache', 'llm'], slice: 'worker', scope: 'worker' },
    desk: { needs: ['shop', 'cache'], slice: 'worker', scope: 'worker' },
    suite: { needs: ['api', 'cache'] },
  },
  gates: {
    catalog: { needs: ['api'], timeout: 60_000 },
    warm: { needs: ['cache'], timeout: 1_000 },
    stocked: { needs: ['shop'], timeout: 1_000 },
  },
};

const FROZEN = 'frozen:';

/** Whether a slice of the one stands on a slice of the other. */
const needsPart = (name: string, needed: string): boolean =>
  GRAPH.resources[name]?.scope === 'worker' &&
  GRAPH.resources[name].needs.includes(needed) &&
  GRAPH.resources[needed]?.slice !== undefined;

export type Infra = 'down' | 'starting' | 'up' | 'broken' | 'reviving' | 'cleaning';

/**
 * Infrastructure as it would really be: built from the effects alone, without a look at the reducer's state. Each
 * effect that could not be carried out in this world is a violation.
 */
export class World {
  state: State;
  readonly infra = new Map<string, Infra>(Object.keys(GRAPH.resources).map((name) => [name, 'down']));
  readonly timers = new Set<string>();
  readonly probed = new Set<string>();
  readonly unanswered = new Set<string>();
  readonly answers: Effect[] = [];
  /** Slice → what is there of it. */
  readonly cut = new Map<string, 'making' | 'there' | 'dropping'>();
  readonly uses: Uses;
  doorOpen = true;
  exited = false;
  stopRequested = false;
  private clock = 0;
  private seq = 0;

  constructor(graph: Graph = GRAPH) {
    this.state = initialState(graph);
    this.uses = new Uses(graph);
  }

  dispatch(event: NewEvent): readonly Effect[] {
    this.clock += 1;
    const before = this.state;
    const { state, effects } = reduce(before, { ...event, at: this.clock });
    this.state = state;
    if (['waiting', 'finishing', 'health.awaited'].includes(event.kind) && 'request' in event && !this.exited)
      this.unanswered.add(`${event.member}:${event.request}`);
    if (event.kind === 'waiting') this.uses.asked(event);
    if (event.kind === 'rested') this.uses.rested(event.member, event.waits);
    // Whoever is revoked for being frozen uses nothing any more: what it had goes to others in the same step.
    if (event.kind === 'timer' && event.timer.startsWith(FROZEN)) this.uses.left(event.timer.slice(FROZEN.length));
    if (event.kind === 'left') {
      this.uses.left(event.lease);
      for (const id of this.unanswered) if (id.startsWith(`${event.lease}:`)) this.unanswered.delete(id);
    }
    for (const effect of effects) this.carryOut(effect);
    return effects;
  }

  nextId(): number {
    this.seq += 1;
    return this.seq;
  }

  private carryOut(effect: Effect): void {
    expect(this.exited, `nothing is done after the exit, but ${JSON.stringify(effect)}`).toBe(false);
    switch (effect.do) {
      case 'start': {
        expect(this.infra.get(effect.resource), `start of ${effect.resource}`).toBe('down');
        for (const need of GRAPH.resources[effect.resource]?.needs ?? []) {
          expect(this.infra.get(need), `${need}, which ${effect.resource} needs`).toBe('up');
        }
        expect(this.doorOpen, 'nothing starts while stopping').toBe(true);
        this.infra.set(effect.resource, 'starting');
        break;
      }
      case 'restart':
        expect(['up', 'broken'], `restart of ${effect.resource}`).toContain(this.infra.get(effect.resource));
        expect(this.doorOpen, 'nothing is brought back while stopping').toBe(true);
        this.infra.set(effect.resource, 'reviving');
        break;
      case 'check':
        expect(['up', 'broken'], `check of ${effect.resource}`).toContain(this.infra.get(effect.resource));
        break;
      case 'clean':
        expect(['starting', 'up', 'broken', 'reviving'], `clean of ${effect.resource}`).toContain(
          this.infra.get(effect.resource),
        );
        // What broke is cleaned at once; what works is stopped only after all that need it.
        if (!this.doorOpen && this.infra.get(effect.resource) !== 'broken') this.expectNothingNeeds(effect.resource);
        this.infra.set(effect.resource, 'cleaning');
        break;
      case 'make-slice':
        expect(this.infra.get(effect.resource), `${effect.resource}, of which a slice is made`).toBe('up');
        expect(this.cut.has(effect.slice), `slice ${effect.slice} is made once`).toBe(false);
        for (const below of this.below(effect.slice)) {
          expect(this.cutOf(effect.slice, below), `${below}, on which ${effect.slice} stands`).toContain('there');
        }
        this.cut.set(effect.slice, 'making');
        break;
      case 'drop-slice':
        expect(['making', 'there'], `drop of ${effect.slice}`).toContain(this.cut.get(effect.slice));
        for (const above of ['shop', 'desk'].filter((name) => needsPart(name, effect.resource))) {
          expect(this.cutOf(effect.slice, above), `${above}, which stands on ${effect.slice}`).toEqual([]);
        }
        this.cut.set(effect.slice, 'dropping');
        break;
      case 'chaos':
        break;
      case 'act-on-slices':
        for (const slice of Object.keys(effect.slices)) expect(this.cut.get(slice), `act on ${slice}`).toBe('there');
        break;
      case 'probe-gate':
        expect(this.probed.has(effect.gate), `gate ${effect.gate} is probed once at a time`).toBe(false);
        this.probed.add(effect.gate);
        break;
      case 'rest-gate':
        expect(this.probed.delete(effect.gate), `gate ${effect.gate} was probed`).toBe(true);
        break;
      case 'answer-ready':
      case 'answer-failed':
      case 'answer-finished':
      case 'answer-health':
        expect(this.unanswered.delete(`${effect.member}:${effect.request}`), 'each waiter is answered once').toBe(true);
        this.answers.push(effect);
        if (effect.do === 'answer-ready' || effect.do === 'answer-failed') this.answered(effect);
        break;
      case 'set-timer':
        this.timers.add(effect.timer);
        break;
      case 'clear-timer':
        this.timers.delete(effect.timer);
        break;
      case 'close-door':
        this.doorOpen = false;
        break;
      case 'exit':
        expect(
          [...this.infra.values()].every((state) => state === 'down'),
          'all is down at the exit',
        ).toBe(true);
        expect(this.unanswered.size, 'nobody waits at the exit').toBe(0);
        this.exited = true;
        break;
      case 'revoke':
      case 'tell':
        break;
    }
  }

  private answered(effect: Extract<Effect, { do: 'answer-ready' | 'answer-failed' }>): void {
    const { member, request } = effect;
    const runsSpecs = this.state.leases[member]?.slot !== undefined;
    this.uses.answered(member, request, effect.do === 'answer-ready', runsSpecs);
  }

  private below(slice: string): readonly string[] {
    const { resource = '' } = this.state.slices[slice] ?? {};
    return Object.keys(GRAPH.resources).filter((name) => needsPart(resource, name));
  }

  /** What there is of a resource's slices that this slice's holder has. */
  private cutOf(slice: string, resource: string): readonly string[] {
    const holder = this.state.slices[slice]?.lease;
    return Object.entries(this.state.slices).flatMap(([id, other]) =>
      other.lease === holder && other.resource === resource ? [this.cut.get(id) ?? 'nothing'] : [],
    );
  }

  /** Stop in reverse: nothing that needs it may still run. */
  private expectNothingNeeds(name: string): void {
    for (const [other, { needs }] of Object.entries(GRAPH.resources)) {
      if (needs.includes(name)) {
        expect(['down', 'cleaning'], `${other}, which needs ${name}`).toContain(this.infra.get(other));
        if (this.infra.get(other) === 'cleaning') {
          expect(
            this.state.resources[other]?.state,
            `${other} is still being cleaned while ${name} is stopped`,
          ).not.toBe('stopping');
        }
      }
    }
  }
}
