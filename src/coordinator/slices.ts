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
function slicedFor(state: State, { lease, unit }: Waiter, needed: readonly string[]): readonly string[] {
  if (state.leases[lease]?.slot === undefined) return [];
  return needed.filter((name) => {
    const slice = state.graph.resources[name]?.slice;
    return slice === 'worker' || (slice !== undefined && slice === unit);
  });
}

const held = (state: State, lease: string, resource: string): Slice | undefined =>
  entries(state).find(
    ([, slice]) => slice.lease === lease && slice.resource === resource && slice.state !== 'dropping',
  )?.[1];

/** Whether a waiter has all of its slices. */
export function hasSlices(state: State, waiter: Waiter, needed: readonly string[]): boolean {
  return slicedFor(state, waiter, needed).every((name) => held(state, waiter.lease, name)?.state === 'live');
}

/** Begins to make what a waiter has not got yet. */
export function makeSlices(state: State, waiter: Waiter, needed: readonly string[]): Step {
  const slot = state.leases[waiter.lease]?.slot ?? 0;
  const missing = slicedFor(state, waiter, needed).filter((name) => held(state, waiter.lease, name) === undefined);
  return each(missing, (current, resource) => {
    const sliceCount = current.sliceCount + 1;
    const id = `S${sliceCount}`;
    const unit = current.graph.resources[resource]?.slice ?? 'worker';
    const making: Slice = { resource, lease: waiter.lease, unit, state: 'making' };
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

export function sliceDropped(state: State, id: string): State {
  return { ...state, slices: omit(state.slices, id) };
}

/** Whoever holds them: they are taken back. */
export function dropSlices(which: (slice: Slice) => boolean): (state: State) => Step {
  return (state) => {
    const dropped = entries(state).filter(([, slice]) => slice.state !== 'dropping' && which(slice));
    return each(dropped, drop)(state);
  };
}

/** It went away by itself: its holder's next wait makes another. */
export function sliceLost(state: State, id: string): Step {
  const slice = state.slices[id];
  return slice === undefined || slice.state === 'dropping' ? step(state) : drop(state, [id, slice]);
}

function drop(state: State, [id, { resource, lease, unit }]: readonly [string, Slice]): Step {
  const dropping = withSlice(state, id, { resource, lease, unit, state: 'dropping' });
  return step(dropping, { do: 'drop-slice', slice: id, resource });
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

/** Whether a resource is cut into slices. */
export function isSliced(state: State, resource: string): boolean {
  return state.graph.resources[resource]?.slice !== undefined;
}
