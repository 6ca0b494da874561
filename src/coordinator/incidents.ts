/** Incidents as part of the state: of resources, and of parts that a lease has of its own. */
import { begun, changed, current, over, type Begin, type Whose } from '../health/incidents.ts';
import type { Failure } from '../protocol/failure.ts';
import type { Incident } from '../protocol/incident.ts';
import { omit, step, type Step } from './step.ts';
import { stoppedKey, type HealthCount, type State } from './state.ts';

const NONE: HealthCount = { checks: 0, healed: 0, restarts: [] };

export const countOf = (state: State, resource: string): HealthCount => state.health[resource] ?? NONE;

export const withCount = (state: State, resource: string, change: Partial<HealthCount>): State => ({
  ...state,
  health: { ...state.health, [resource]: { ...countOf(state, resource), ...change } },
});

/** The incident that is going on. */
export const incidentOf = (state: State, whose: Whose): Incident | undefined => current(state.incidents, whose);

/** An incident begins, unless one is going on. Who did it is part of it, where that is known. */
export function withIncident(state: State, begin: Begin): State {
  if (incidentOf(state, begin) !== undefined) return state;
  const incidentCount = state.incidentCount + 1;
  const whose = stoppedKey(begin.resource, begin.lease);
  const stopped = state.stopped[whose];
  const incidents = begun(state.incidents, incidentCount, stopped === undefined ? begin : { ...begin, stopped });
  return { ...state, incidentCount, incidents, stopped: omit(state.stopped, whose) };
}

export const changeIncident = (state: State, whose: Whose, change: (incident: Incident) => Incident): State => ({
  ...state,
  incidents: changed(state.incidents, whose, change),
});

/** The incident that is going on, if there is one, has ended well. */
export function endIncident(state: State, whose: Whose, at: number): State {
  if (incidentOf(state, whose) === undefined) return state;
  const { resource } = whose;
  const ended = changeIncident(state, whose, over(at));
  return withCount(ended, resource, { healed: countOf(state, resource).healed + 1 });
}

/** A part of its own was lost to its holder, who must ask again. */
export function partLost(state: State, id: string, failure: Failure, at: number): Step {
  const slice = state.slices[id];
  if (slice?.state !== 'live' || state.resources[slice.resource]?.state !== 'ready') return step(state);
  const { resource, lease, endpoint } = slice;
  const slot = state.leases[lease]?.slot;
  const own = slot === undefined ? {} : { slot };
  const begin: Begin = { resource, lease, ...own, from: at, noticed: 'lost', failure, endpoint };
  return step(withIncident(state, begin), { do: 'tell', resource, lease });
}

/** Its holder has another. */
export function partMade(state: State, id: string, at: number): Step {
  const slice = state.slices[id];
  return step(slice?.state === 'live' ? endIncident(state, slice, at) : state);
}

/** Their holder is gone. */
export function partsGone(state: State, lease: string, at: number): State {
  const incidents = state.incidents.map((one) =>
    one.lease === lease && one.until === undefined ? over(at)(one) : one,
  );
  return { ...state, incidents };
}
