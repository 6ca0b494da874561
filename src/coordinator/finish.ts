/** The end of a run: the suite's final body runs as soon as nobody else uses the generation. */
import { SUITE } from '../protocol/plan.ts';
import type { FinishReply } from '../protocol/messages.ts';
import { each, step, withLease, withResource, chain, type Step } from './step.ts';
import type { Finisher, State } from './state.ts';

/** A member's specs are through. */
export function finishing(state: State, finisher: Finisher): Step {
  const { member } = finisher;
  const lease = state.leases[member];
  const marked = lease === undefined ? state : withLease(state, member, { ...lease, finished: true });
  const others = Object.entries(state.leases).some(([id, { finished }]) => id !== member && finished !== true);
  if (others || state.phase === 'stopping') return answer(marked, finisher, { last: false });
  return isDown(state) ? answer(marked, finisher, { last: true }) : rest(marked, finisher);
}

/** The suite's teardown is complete. */
export function suiteCleaned(state: State, problems: readonly string[]): Step {
  const message = problems.join('; ');
  const hint = 'the stack is in config-host.log of the generation, below .greenroom/generations';
  const failed = { code: 'AFTER_SUITE_FAILED', message, subject: SUITE, hint } as const;
  const reply: FinishReply = { last: true, ...(problems.length > 0 ? { failure: failed } : {}) };
  const answered = each(state.finishers, (current, finisher) => answer(current, finisher, reply))(state);
  return chain(answered, (current) => step({ ...current, finishers: [] }));
}

/** Whether there is nothing to take down. */
function isDown(state: State): boolean {
  const suite = state.resources[SUITE];
  switch (suite?.state) {
    case undefined:
    case 'declared':
    case 'stopped':
      return true;
    case 'failed':
      return suite.cleaned;
    default:
      return false;
  }
}

/** It is answered when the teardown, which may be under way already, is complete. */
function rest(state: State, finisher: Finisher): Step {
  const waiting = { ...state, finishers: [...state.finishers, finisher] };
  const { state: now } = state.resources[SUITE] ?? {};
  if (now !== 'ready' && now !== 'starting') return step(waiting);
  // Who comes from here on wants it again, and gets a new start of it.
  const wanted = waiting.wanted.filter((name) => name !== SUITE);
  return step(withResource({ ...waiting, wanted }, SUITE, { state: 'resting' }), { do: 'clean', resource: SUITE });
}

function answer(state: State, { member, request }: Finisher, reply: FinishReply): Step {
  return step(state, { do: 'answer-finished', member, request, reply });
}
