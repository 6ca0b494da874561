/** Who uses what, told from questions and answers alone, without a look at the reducer's own account. */
import { expect } from 'vitest';
import type { NewEvent } from '../../../src/coordinator/events.ts';
import type { Graph } from '../../../src/coordinator/state.ts';

interface Asked {
  readonly member: string;
  readonly request: number;
  /** With all that it needs. */
  readonly resources: readonly string[];
  /** What it has to itself once it is answered. */
  readonly exclusive: readonly string[];
}

export class Uses {
  private readonly graph: Graph;
  /** In the order in which they were asked. */
  private waiting: readonly Asked[] = [];
  private inUse: readonly Asked[] = [];

  constructor(graph: Graph) {
    this.graph = graph;
  }

  asked({ member, request, resources, gates, exclusive = [] }: Extract<NewEvent, { kind: 'waiting' }>): void {
    const ofGates = gates.flatMap(({ name }) => this.graph.gates[name]?.needs ?? []);
    const all = this.withNeeds([...resources, ...exclusive, ...ofGates]);
    const shared = exclusive.filter((name) => this.graph.resources[name]?.scope === undefined);
    this.waiting = [...this.waiting, { member, request, resources: all, exclusive: shared }];
  }

  /** @param uses whether the member runs specs, and so uses what it is let through to */
  answered(member: string, request: number, ready: boolean, uses: boolean): void {
    const asked = this.waiting.find((one) => one.member === member && one.request === request);
    this.waiting = this.waiting.filter((one) => one !== asked);
    if (asked === undefined || !ready || !uses) return;
    for (const other of this.inUse.filter((one) => one.member !== member)) {
      expect(
        common(other.exclusive, asked.resources),
        `${other.member} has it to itself, and ${member} is let in`,
      ).toEqual([]);
      expect(
        common(asked.exclusive, other.resources),
        `${member} has it to itself while ${other.member} uses it`,
      ).toEqual([]);
    }
    this.inUse = [...this.inUse, asked];
  }

  /** The requests that a member has not rested from, oldest first. */
  usesOf(member: string): readonly number[] {
    return this.inUse.flatMap((one) => (one.member === member ? [one.request] : []));
  }

  rested(member: string, requests: readonly number[] | null): void {
    this.inUse = this.inUse.filter((one) => one.member !== member || requests?.includes(one.request) === false);
  }

  left(member: string): void {
    this.rested(member, null);
    this.waiting = this.waiting.filter((one) => one.member !== member);
  }

  /** Whether somebody else is a reason to hold this wait: by what it uses, or by what it asked for before. */
  inTheWay(member: string, request: number): boolean {
    const index = this.waiting.findIndex((one) => one.member === member && one.request === request);
    const asked = this.waiting[index];
    if (asked === undefined) return false;
    const using = this.inUse.filter((one) => one.member !== member);
    const before = this.waiting.slice(0, index).filter((one) => one.member !== member);
    return (
      [...using, ...before].some(({ exclusive }) => common(exclusive, asked.resources).length > 0) ||
      using.some(({ resources }) => common(asked.exclusive, resources).length > 0)
    );
  }

  private withNeeds(names: readonly string[]): readonly string[] {
    const all = new Set(names);
    for (const name of all) for (const need of this.graph.resources[name]?.needs ?? []) all.add(need);
    return [...all];
  }
}

const common = (some: readonly string[], others: readonly string[]): readonly string[] =>
  some.filter((name) => others.includes(name));
