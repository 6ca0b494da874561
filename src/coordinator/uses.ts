/**
 * What members use, and what one of them has to itself. A lease with a slot uses what its waits have let it through to,
 * until it says that it rests from them. A wait that asks for something exclusively is let through when no other lease
 * uses that, and from when it is asked for others are held before they begin with it.
 */
import type { Failure } from '../protocol/failure.ts';
import type { Event } from './events.ts';
import { hasSlot } from './slices.ts';
import type { Lease, State, Use, Waiter } from './state.ts';
import { step, type Step } from './step.ts';

const touches = (some: readonly string[], others: readonly string[]): boolean =>
  some.some((name) => others.includes(name));

/** What all share of these: what is each worker's own, each has to itself. */
const shared = ({ graph }: State, names: readonly string[] = []): readonly string[] =>
  names.filter((name) => graph.resources[name]?.scope === undefined);

/** Whether a lease has a resource to itself now. */
export const hasToItself = ({ uses }: State, lease: string, resource: string): boolean =>
  uses.some((use) => use.lease === lease && use.exclusive.includes(resource));

/** Leases, but for one, that use a resource now. */
export const usersOf = ({ uses, leases }: State, resources: readonly string[], but?: string): readonly string[] => {
  const ids = uses.filter((use) => use.lease !== but && touches(use.resources, resources)).map(({ lease }) => lease);
  return [...new Set(ids)].map((lease) => leaseText(lease, leases[lease]));
};

/** `lease 12, pid 4121` */
export const leaseText = (id: string, lease: Lease | undefined): string =>
  `lease ${id.slice(1)}${lease === undefined ? '' : `, pid ${lease.pid}`}`;

/**
 * Why a waiter whose resources are ready is held all the same: others have them to themselves, or asked before it to have
 * them so, or use what it asks for exclusively. Undefined: it is not.
 *
 * @param needed everything it waits for
 */
export function keptOut(state: State, waiter: Waiter, needed: readonly string[]): string | undefined {
  if (!hasSlot(state, waiter.lease)) return undefined;
  const others = state.uses.filter(({ lease }) => lease !== waiter.lease);
  const holder = others.find(({ exclusive }) => touches(exclusive, needed));
  if (holder !== undefined) return `${leaseText(holder.lease, state.leases[holder.lease])} has it exclusively`;
  const before = state.waiters.slice(0, state.waiters.indexOf(waiter));
  const first = before.find(
    ({ lease, exclusive }) => lease !== waiter.lease && touches(shared(state, exclusive), needed),
  );
  if (first !== undefined)
    return `${leaseText(first.lease, state.leases[first.lease])} asked for it exclusively before`;
  const wanted = shared(state, waiter.exclusive);
  const users = usersOf(state, wanted, waiter.lease);
  return users.length === 0 ? undefined : `${wanted.join(', ')} in use by ${users.join(' and ')}`;
}

/** Others must ask again before they begin with what somebody asks for exclusively. */
export function tellOthers(state: State, { exclusive }: Waiter): Step {
  return step(state, ...shared(state, exclusive).map((resource) => ({ do: 'tell', resource }) as const));
}

/** It is let through: from here on it uses what it waited for. One entry stands for all waits of a member for the same. */
export function begunUse(state: State, waiter: Waiter, resources: readonly string[]): State {
  if (!hasSlot(state, waiter.lease)) return state;
  const { member, lease, request } = waiter;
  const use: Use = { member, lease, request, resources, exclusive: shared(state, waiter.exclusive) };
  const same = (other: Use): boolean =>
    other.member === member &&
    use.exclusive.length + other.exclusive.length === 0 &&
    other.resources.join() === resources.join();
  return { ...state, uses: [...state.uses.filter((other) => !same(other)), use] };
}

/** A member says that nothing of it is in flight any more that these waits, or all of its waits, had let through. */
export function rested(state: State, { member, waits }: Extract<Event, { kind: 'rested' }>): State {
  const over = (use: Use): boolean => use.member === member && (waits === null || waits.includes(use.request));
  return { ...state, uses: state.uses.filter((use) => !over(use)) };
}

/** A connection, or the last one of a lease, is gone. */
export const usesGone = (state: State, id: string): State => ({
  ...state,
  uses: state.uses.filter(({ member, lease }) => member !== id && lease !== id),
});

/** Nobody has a resource to itself by asking for what does not exist; the reason is for the one who acts on it. */
export function notExclusive(resource: string): Failure {
  return {
    code: 'NOT_EXCLUSIVE',
    message: `${resource} is shared with other workers: what is done to it would be done to their specs, too`,
    subject: resource,
    hint: `call \`exclusive('${resource}')\` at the top of the file or describe, so that the others are held meanwhile`,
  };
}
