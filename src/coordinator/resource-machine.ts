/**
 * The life of resources: DECLARED → STARTING → READY, FAILED → RESTARTING → DECLARED, STOPPING → STOPPED. What becomes
 * of one that is not well any more is in `healing.ts`.
 */
import type { Failure } from '../protocol/failure.ts';
import type { Endpoint } from '../protocol/plan.ts';
import { closure, dependents, inStartOrder } from './graph.ts';
import { chain, dependencyFailure, each, step, withResource, type Step } from './step.ts';
import type { Ready, ResourceState, State } from './state.ts';

export const stateOf = (state: State, name: string): ResourceState => state.resources[name] ?? { state: 'declared' };

/** Somebody asked for these: they and what they need are started as soon as what they need is ready. */
export function want(state: State, names: readonly string[]): State {
  return { ...state, wanted: closure(state.graph, [...state.wanted, ...names]) };
}

/** Starts what can start and fails what can never start. Nothing starts before the last generation is reaped. */
export function advance(at: number): (state: State) => Step {
  return (state) => {
    if (state.phase !== 'open' && state.phase !== 'draining') return step(state);
    // The graph is walked in an order in which needs come first, so that one pass fails a whole chain.
    return each(inStartOrder(state.graph, state.wanted), (current, name) => advanceOne(current, name, at))(state);
  };
}

function advanceOne(state: State, name: string, at: number): Step {
  if (stateOf(state, name).state !== 'declared') return step(state);
  const needs = state.graph.resources[name]?.needs ?? [];
  for (const needed of needs) {
    const need = stateOf(state, needed);
    if (need.state === 'failed') {
      const failure = dependencyFailure(name, needed, need.failure);
      return step(withResource(state, name, { state: 'failed', since: at, failure, cleaned: true }));
    }
  }
  if (!needs.every((needed) => stateOf(state, needed).state === 'ready')) return step(state);
  const epoch = (state.epochs[name] ?? 0) + 1;
  const started = withResource({ ...state, epochs: { ...state.epochs, [name]: epoch } }, name, {
    state: 'starting',
    since: at,
  });
  return step(started, { do: 'start', resource: name, epoch });
}

export function becameReady(state: State, name: string, endpoint: Endpoint, at: number): Step {
  const current = stateOf(state, name);
  if (current.state !== 'starting') return step(state); // called off meanwhile
  return step(withResource(state, name, { state: 'ready', since: at, took: at - current.since, endpoint }));
}

/** It has failed for good; what is left of it is torn down at once. */
export function hasFailed(state: State, name: string, failure: Failure, at: number): Step {
  const failed = withResource(state, name, { state: 'failed', since: at, failure, cleaned: false });
  return step(failed, { do: 'clean', resource: name });
}

export function wasCleaned(state: State, name: string): Step {
  const current = stateOf(state, name);
  switch (current.state) {
    case 'failed':
      return step(withResource(state, name, { ...current, cleaned: true }));
    case 'restarting':
    case 'resting':
      return step(withResource(state, name, { state: 'declared' }));
    case 'stopping':
      return chain(step(withResource(state, name, { state: 'stopped' })), stopWhatCanStop);
    case 'declared':
    case 'starting':
    case 'ready':
    case 'unhealthy':
    case 'stopped':
      return step(state);
  }
}

/**
 * Failed resources are started again, each once its teardown is complete. So are those that were given the endpoint
 * of a failed one, because a new start means a new endpoint.
 */
export function retryFailed(state: State): Step {
  const failed = Object.keys(state.resources).filter((name) => stateOf(state, name).state === 'failed');
  return each(failed, retryOne)(state);
}

function retryOne(state: State, name: string): Step {
  const resource = stateOf(state, name);
  if (resource.state === 'failed') {
    const { cleaned, failure } = resource;
    const next = withResource(
      state,
      name,
      cleaned ? { state: 'declared' } : { state: 'restarting', since: resource.since, failure },
    );
    return restartDependents(name, failure, resource.since)(next);
  }
  return step(state);
}

/**
 * Nobody uses the generation any more: who comes next is not to be told of a failure of another run. What runs or
 * starts goes on; everything else is wanted by nobody.
 */
export function forgetFailures(state: State): Step {
  return chain(retryFailed(state), (current) => {
    const wanted = current.wanted.filter((name) => goesOn(stateOf(current, name)));
    return step({ ...current, wanted });
  });
}

/** Starts or runs, and is not being torn down. */
function goesOn(resource: ResourceState): boolean {
  switch (resource.state) {
    case 'starting':
    case 'ready':
    case 'unhealthy':
      return true;
    default:
      return beforeOf(resource) !== undefined;
  }
}

/** How it was when it was ready, for one that is not well and has not been given up. */
export function beforeOf(resource: ResourceState): Ready | undefined {
  return resource.state === 'unhealthy' || resource.state === 'restarting' ? resource.before : undefined;
}

/** What was given the address of something that is not there any more is started again. */
export const restartDependents =
  (needed: string, cause: Failure, at: number) =>
  (state: State): Step =>
    each(dependents(state.graph, needed), (current, name) => {
      if (!goesOn(stateOf(current, name))) return step(current);
      const failure = dependencyFailure(name, needed, cause);
      const restarting = withResource(current, name, { state: 'restarting', since: at, failure });
      return chain(step(restarting, { do: 'clean', resource: name }), restartDependents(name, failure, at));
    })(state);

/** Whether anything of it may still run. */
function isUp(resource: ResourceState): boolean {
  switch (resource.state) {
    case 'starting':
    case 'ready':
    case 'unhealthy':
    case 'restarting':
    case 'resting':
    case 'stopping':
      return true;
    case 'failed':
      return !resource.cleaned;
    case 'declared':
    case 'stopped':
      return false;
  }
}

/** In reverse: a resource stops once nothing that needs it is up any more. The generation ends when all are down. */
export function stopWhatCanStop(state: State): Step {
  const stoppable = Object.keys(state.resources).filter((name) => {
    if (dependents(state.graph, name).some((other) => isUp(stateOf(state, other)))) return false;
    return stateOf(state, name).state !== 'stopping' && stateOf(state, name).state !== 'stopped';
  });
  if (stoppable.length === 0) {
    const down = Object.values(state.resources).every((resource) => resource.state === 'stopped');
    return down && state.phase === 'stopping' ? step({ ...state, phase: 'stopped' }, { do: 'exit' }) : step(state);
  }
  return chain(each(stoppable, stopOne)(state), stopWhatCanStop);
}

function stopOne(state: State, name: string): Step {
  const current = stateOf(state, name);
  if (current.state === 'declared' || (current.state === 'failed' && current.cleaned)) {
    return step(withResource(state, name, { state: 'stopped' }));
  }
  const stopping = withResource(state, name, { state: 'stopping' });
  // A teardown that is already under way is not begun again; its end is what we wait for.
  const underWay = ['failed', 'restarting', 'resting'].includes(current.state) && beforeOf(current) === undefined;
  return underWay ? step(stopping) : step(stopping, { do: 'clean', resource: name });
}
