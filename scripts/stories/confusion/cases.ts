/** What can go wrong in a spec and in the infrastructure, in all combinations, and what is right to say of each. */

/** What becomes of the service that the spec uses, or (`other`) of one that it does not. */
const INFRA = ['none', 'kill', 'down', 'stop', 'sick', 'other'] as const;
/** What is wrong with the spec itself. */
const TEST = ['none', 'assertion', 'bug', 'hang', 'impatient', 'nobody', 'wrongPath'] as const;
const CLIENTS = ['fetch', 'http'] as const;
const CLEAN_UP = ['none', 'throws', 'uses'] as const;

export interface Case {
  readonly name: string;
  readonly infra: (typeof INFRA)[number];
  readonly test: (typeof TEST)[number] | 'crash';
  /**
   * `alone`: what becomes of the infrastructure is what the spec fails with, unless it has a fault of its own. `first`:
   * the spec goes on after it, to its own fault. `after`: it happens when the spec has failed, in its clean-up.
   */
  readonly order: 'alone' | 'first' | 'after';
  readonly cleanUp: (typeof CLEAN_UP)[number];
  /** What it asks the service by: each client has words of its own for what goes wrong. */
  readonly by: (typeof CLIENTS)[number];
}

/** What is said of a spec in the end. */
export type Said = 'passed' | 'LOGIC' | 'INFRA' | 'UNSURE' | 'NEVER_RAN' | 'interrupted';

/** All of them, in an order that mixes them. */
export function allCases(): readonly Case[] {
  const all = INFRA.flatMap((infra) =>
    TEST.flatMap((test) =>
      ordersOf(infra, test).flatMap((order) =>
        // What it is asked by matters only where the service itself is the reason.
        CLIENTS.slice(0, test === 'none' ? 2 : 1).flatMap((by) =>
          CLEAN_UP.map((cleanUp) => named({ infra, test, order, cleanUp, by })),
        ),
      ),
    ),
  );
  return [...all, ...crashes()].toSorted((a, b) => (mixed(a.name) < mixed(b.name) ? -1 : 1));
}

/** A worker that dies has no clean-up. */
function crashes(): readonly Case[] {
  return (['none', 'other', 'kill'] as const).map((infra) =>
    named({ infra, test: 'crash', order: infra === 'none' ? 'alone' : 'first', cleanUp: 'none', by: 'fetch' }),
  );
}

const named = (one: Omit<Case, 'name'>): Case => ({ name: Object.values(one).join(' '), ...one });

function ordersOf(infra: Case['infra'], test: Case['test']): readonly Case['order'][] {
  if (infra === 'none' || test === 'none') return ['alone'];
  // These ask the service for something, and would only meet its end.
  const asks = test === 'impatient' || test === 'wrongPath';
  return asks && infra !== 'other' ? ['after'] : ['first', 'after'];
}

/** The same order each time, and not the one in which they were made. */
function mixed(name: string): string {
  return name.split('').toReversed().join('');
}

/** Whether something is wrong with the spec, whatever else is. */
export const isOwn = ({ test, cleanUp }: Case): boolean => test !== 'none' || cleanUp === 'throws';

/** Whether the service that the spec uses fails. */
export const isOfInfra = ({ infra }: Case): boolean => infra !== 'none' && infra !== 'other';

/** What may be said of it: by what was done to it, and not by how it is found out. */
export function right(one: Case): readonly Said[] {
  const { infra, test, cleanUp } = one;
  // Vitest may not have told any more that it began.
  if (test === 'crash') return ['interrupted', 'NEVER_RAN'];
  if (!isOfInfra(one)) return [isOwn(one) ? 'LOGIC' : 'passed'];
  // It answers, or does not in time: that alone proves nothing.
  const doubtful = infra === 'stop' || infra === 'sick';
  if (test === 'none') {
    if (cleanUp === 'throws') return ['LOGIC', 'UNSURE'];
    return doubtful ? ['INFRA', 'UNSURE'] : ['INFRA'];
  }
  return ['LOGIC', 'UNSURE'];
}
