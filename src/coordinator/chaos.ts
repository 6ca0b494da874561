/** Chaos: a member has the processes of a resource killed, stopped or paused, or has it healed, to test its own suite. */
import type { Failure } from '../protocol/failure.ts';
import type { Event } from './events.ts';
import { restartNow } from './healing.ts';
import { incidentOf } from './incidents.ts';
import { hasToItself, leaseText, notExclusive, usersOf } from './uses.ts';
import { omit, step, type Step } from './step.ts';
import { stoppedKey, type State } from './state.ts';

type Asked = Extract<Event, { readonly kind: 'chaos.asked' }>;

/** Refuses it, or has it done and notes who did it, for the incident that comes of it. */
export function chaosAsked(state: State, asked: Asked): Step {
  const { member, request, resource, act, lease, pid, at } = asked;
  const own = state.graph.resources[resource]?.scope === 'worker';
  const refusal = refused(state, asked, own);
  if (refusal !== undefined) return step(state, { do: 'answer-failed', member, request, failure: refusal });
  const slice = own ? liveSlice(state, resource, lease) : undefined;
  const whose = stoppedKey(resource, slice === undefined ? undefined : lease);
  const effect = {
    do: 'chaos',
    member,
    request,
    resource,
    act,
    whose,
    ...(slice === undefined ? {} : { slice }),
  } as const;
  if (act === 'heal') return heal({ ...state, stopped: omit(state.stopped, whose) }, resource, at, effect);
  const by = state.leases[lease] === undefined ? `greenroom chaos, pid ${pid}` : leaseText(lease, state.leases[lease]);
  return step({ ...state, stopped: { ...state.stopped, [whose]: { by, at } } }, effect);
}

/** It was not done. */
export const chaosFailed = (state: State, whose: string): State => ({ ...state, stopped: omit(state.stopped, whose) });

/** What waits for its next try gets it now. */
function heal(state: State, resource: string, at: number, effect: Step['effects'][number]): Step {
  const now = state.resources[resource];
  const going = step(state, effect);
  if (now?.state !== 'unhealthy' || now.next !== 'restart') return going;
  const restarted = restartNow(state, resource, now.failure, at);
  return {
    state: restarted.state,
    effects: [...going.effects, { do: 'clear-timer', timer: `restart:${resource}` }, ...restarted.effects],
  };
}

function refused(state: State, { resource, act, lease, force }: Asked, own: boolean): Failure | undefined {
  const member = state.leases[lease];
  const now = state.resources[resource]?.state ?? 'unknown';
  const up = now === 'ready' || (act === 'heal' && incidentOf(state, { resource }) !== undefined && now !== 'failed');
  if (!up) return notUp(resource, act, `it is ${now}`);
  if (own) return liveSlice(state, resource, lease) === undefined ? notUp(resource, act, NO_SLOT) : undefined;
  if (force || act === 'heal') return undefined;
  if (member !== undefined) return hasToItself(state, lease, resource) ? undefined : notExclusive(resource);
  const users = usersOf(state, [resource]);
  if (users.length === 0) return undefined;
  return {
    code: 'LEASES_LIVE',
    message: `${resource} is in use by ${users.join(' and ')}`,
    subject: resource,
    hint: 'wait for them, or do it under them with `--force`',
  };
}

const NO_SLOT = 'each worker has its own, and only a spec of that worker can ask';

const liveSlice = ({ slices }: State, resource: string, lease: string): string | undefined =>
  Object.keys(slices).find(
    (id) => slices[id]?.resource === resource && slices[id].lease === lease && slices[id].state === 'live',
  );

const notUp = (resource: string, act: string, why: string): Failure => ({
  code: 'CHAOS_FAILED',
  message: `${act} of ${resource} is not possible: ${why}`,
  subject: resource,
  hint: 'see `greenroom status`; `greenroom up` starts what is not up, `--retry` what has failed',
});
