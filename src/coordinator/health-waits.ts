/** Members that wait until a resource was healed, or checked, so many times: nobody has to sleep for that. */
import type { Failure } from '../protocol/failure.ts';
import type { Event } from './events.ts';
import { countOf } from './incidents.ts';
import { chain, each, step, stoppedFailure, type Step } from './step.ts';
import type { HealthWait, State } from './state.ts';

const TIMER = 'health:';
export const isHealthWaitTimer = (timer: string): boolean => timer.startsWith(TIMER);
const timerOf = ({ member, request }: HealthWait): string => `${TIMER}${member}:${request}`;

export function awaitHealth(state: State, event: Extract<Event, { kind: 'health.awaited' }>): Step {
  const { member, request, resource, what, atLeast, timeout } = event;
  if (state.phase === 'stopping') {
    return step(state, { do: 'answer-failed', member, request, failure: stoppedFailure(state.stopReason) });
  }
  const wait: HealthWait = { member, request, resource, what, atLeast, timeout };
  const added = step(
    { ...state, healthWaits: [...state.healthWaits, wait] },
    { do: 'set-timer', timer: timerOf(wait), ms: timeout },
  );
  return chain(added, answerHealthWaits);
}

/** Tells whom there is to tell. */
export function answerHealthWaits(state: State): Step {
  const due = state.healthWaits.filter(({ resource, what, atLeast }) => countOf(state, resource)[what] >= atLeast);
  return each(due, (current, wait) => {
    const { member, request, resource, what } = wait;
    const count = countOf(current, resource)[what];
    return chain(forget(current, wait), (next) => step(next, { do: 'answer-health', member, request, count }));
  })(state);
}

export function expireHealthWait(state: State, timer: string): Step {
  const wait = state.healthWaits.find((one) => timerOf(one) === timer);
  if (wait === undefined) return step(state);
  const { resource, what, atLeast, timeout } = wait;
  const done = what === 'healed' ? 'healed' : 'checked';
  const count = countOf(state, resource)[what];
  const now = state.resources[resource]?.state ?? 'unknown';
  return refuse(state, wait, {
    code: 'WAIT_TIMEOUT',
    message: `${resource} was ${done} ${count} times, not ${atLeast}, within ${timeout} ms; it is ${now}`,
    subject: resource,
  });
}

/** The member is gone. */
export const forgetHealthWaits =
  (member: string) =>
  (state: State): Step =>
    each(
      state.healthWaits.filter((wait) => wait.member === member),
      forget,
    )(state);

export const failHealthWaits =
  (failure: Failure) =>
  (state: State): Step =>
    each(state.healthWaits, (current, wait) => refuse(current, wait, failure))(state);

function refuse(state: State, wait: HealthWait, failure: Failure): Step {
  const { member, request } = wait;
  return chain(forget(state, wait), (current) => step(current, { do: 'answer-failed', member, request, failure }));
}

function forget(state: State, wait: HealthWait): Step {
  const healthWaits = state.healthWaits.filter((other) => timerOf(other) !== timerOf(wait));
  return step({ ...state, healthWaits }, { do: 'clear-timer', timer: timerOf(wait) });
}
