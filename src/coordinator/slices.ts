/** Slices: every slot its own part of a resource. Made when its holder waits, dropped with its lease, file or spec. */
import type { Endpoint, SliceUnit } from '../protocol/plan.ts';
import type { Event } from './events.ts';
import { each, omit, step, type Step } from './step.ts';
import type { Slice, State, Waiter } from './state.ts';

const entries = (state: State): readonly (readonly [string, Slice])[] => Object.entries(state.slices);

const withSlice = (state: State, id: string, slice: Slice): State => ({
  ...state,
  slices: { ...state.slices, [id]: slice },
});

/** Resources of which a waiter gets slices: those among what it needs that are cut into the units it asks for. */
function slicedFor(
  state: State,
  { lease, unit }: Pick<Waiter, 'lease' | 'unit'>,
  needed: readonly string[],
): readonly string[] {
  if (!hasSlot(state, lease)) return [];
  return needed.filter((name) => {
    const slice = state.graph.resources[name]?.slice;
    return slice === 'worker' || (slice !== undefined && slice === unit);
  });
}

const isHeld = ({ state }: Slice): boolean => state === 'making' || state === 'live';

const held = (state: State, lease: string, resource: string): Slice | undefined =>
  entries(state).find(([, slice]) => slice.lease === lease && slice.resource === resource && isHeld(slice))?.[1];

const isLive = (state: State, lease: string, resource: string): boolean =>
  held(state, lease, resource)?.state === 'live';

/** Slices that a slice of this resource stands on: what is a worker's own sees that worker's parts of what it needs. */
function standsOn(state: State, resource: string): readonly string[] {
  const own = state.graph.resources[resource];
  if (own?.scope !== 'worker') return [];
  return own.needs.filter((name) => state.graph.resources[name]?.slice !== undefined);
}

/** Whether a waiter has all of its slices. */
export function hasSlices(state: State, waiter: Pick<Waiter, 'lease' | 'unit'>, needed: readonly string[]): boolean {
  return slicedFor(state, waiter, needed).every((name) => isLive(state, waiter.lease, name));
}

/** Begins to make what a waiter has not got yet, as far as what it stands on is there. */
export function makeSlices(state: State, waiter: Waiter, needed: readonly string[]): Step {
  const { lease } = waiter;
  const slot = state.leases[lease]?.slot ?? 0;
  const missing = slicedFor(state, waiter, needed).filter(
    (name) =>
      held(state, lease, name) === undefined && standsOn(state, name).every((below) => isLive(state, lease, below)),
  );
  return each(missing, (current, resource) => {
    const sliceCount = current.sliceCount + 1;
    const id = `S${sliceCount}`;
    const unit = current.graph.resources[resource]?.slice ?? 'worker';
    const making: Slice = { resource, lease, unit, state: 'making' };
    return step({ ...withSlice(current, id, making), sliceCount }, { do: 'make-slice', slice: id, resource, slot });
  })(state);
}

export function sliceMade(state: State, id: string, endpoint: Endpoint): State {
  const slice = state.slices[id];
  return slice?.state === 'making' ? withSlice(state, id, { ...slice, state: 'live', endpoint }) : state;
}

/** It is forgotten: who waits again gets another try. */
export function sliceFailed(state: State, id: string): { readonly state: State; readonly slice: Slice | undefined } {
  const slice = state.slices[id];
  if (slice?.state !== 'making') return { state, slice: undefined };
  return { state: { ...state, slices: omit(state.slices, id) }, slice };
}

/** Nothing is left of it: what it stood on can go, too. */
export function sliceDropped(state: State, id: string): Step {
  const without = { ...state, slices: omit(state.slices, id) };
  const doomed = entries(without).filter(([, slice]) => slice.state === 'doomed');
  return each(doomed, drop)(without);
}

/** Whoever holds them: they are taken back. */
export function dropSlices(which: (slice: Slice) => boolean): (state: State) => Step {
  return (state) => {
    const dropped = entries(state).filter(([, slice]) => isHeld(slice) && which(slice));
    return each(dropped, dropAgain)(state);
  };
}

/** It went away by itself: its holder's next wait makes another. */
export function sliceLost(state: State, id: string): Step {
  const slice = state.slices[id];
  return slice !== undefined && isHeld(slice) ? drop(state, [id, slice]) : step(state);
}

/** Unless it went meanwhile with one that it stands on. */
function dropAgain(state: State, [id]: readonly [string, Slice]): Step {
  return sliceLost(state, id);
}

/** First what its holder has on top of it; the slice itself when nothing of that is left. */
function drop(state: State, [id, { resource, lease, unit }]: readonly [string, Slice]): Step {
  const onTop = entries(state).filter(
    ([, slice]) => slice.lease === lease && standsOn(state, slice.resource).includes(resource),
  );
  if (onTop.length === 0) {
    const dropping = withSlice(state, id, { resource, lease, unit, state: 'dropping' });
    return step(dropping, { do: 'drop-slice', slice: id, resource });
  }
  const doomed = withSlice(state, id, { resource, lease, unit, state: 'doomed' });
  return each(onTop, dropAgain)(doomed);
}

/** What a member with this lease sees of the sliced resources. */
export function slicesOf(state: State, lease: string): Readonly<Record<string, Endpoint>> {
  const live = entries(state).flatMap(([, slice]) =>
    slice.lease === lease && slice.state === 'live' && slice.endpoint
      ? [[slice.resource, slice.endpoint] as const]
      : [],
  );
  return Object.fromEntries(live);
}

/** All that a lease has now, for something to be done with them. */
export function actOnSlices(state: State, { member, request, lease, act }: Asked): Step {
  const live = entries(state).filter(([, slice]) => slice.lease === lease && slice.state === 'live');
  const slices = Object.fromEntries(live.map(([id, { resource }]) => [id, resource]));
  return step(state, { do: 'act-on-slices', member, request, act, slices });
}

type Asked = Extract<Event, { readonly kind: 'slices.asked' }>;

/** Who has parts of their own, by resource; what all share is left out. */
export function sliceUnits(
  resources: Readonly<Record<string, { readonly slice?: SliceUnit }>>,
): Readonly<Record<string, SliceUnit>> {
  const units = Object.entries(resources).flatMap(([name, { slice }]) => (slice ? [[name, slice] as const] : []));
  return Object.fromEntries(units);
}

/** Whether a member sees the whole of a resource. Behind ports it is there also for who has no slot, and so no port. */
export function seesWhole(state: State, lease: string, resource: string): boolean {
  const { slice, ports } = state.graph.resources[resource] ?? {};
  return slice === undefined || (ports !== undefined && !hasSlot(state, lease));
}

export function hasSlot(state: State, lease: string): boolean {
  return state.leases[lease]?.slot !== undefined;
}
