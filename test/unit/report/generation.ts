/** A small generation to fold: `db`, `api` that needs it, `search` on its own, and a gate over `api`. */
import type { Event, NewEvent } from '../../../src/coordinator/events.ts';
import { initialState } from '../../../src/coordinator/reducer.ts';
import type { State } from '../../../src/coordinator/state.ts';
import { advance, begin, type Progress, type Transition } from '../../../src/report/fold.ts';

/** When the generation began. */
export const T0 = 1_000_000;

const EMPTY: State = initialState({
  linger: 2_000,
  leaseTimeout: 300_000,
  resources: { db: { needs: [] }, api: { needs: ['db'] }, search: { needs: [] } },
  gates: { catalog: { needs: ['api'], timeout: 30_000 } },
});

/** An event, so many milliseconds after the beginning. */
export function after(ms: number, event: NewEvent): Event {
  return { ...event, at: T0 + ms };
}

/** A runner that waits for everything, the gate included. */
export const JOINED: readonly Event[] = [
  after(0, { kind: 'elected' }),
  after(1, { kind: 'joined', lease: 'L1', role: 'runner', run: '7f3a', pid: 4100 }),
  after(2, {
    kind: 'waiting',
    member: 'L1',
    request: 1,
    resources: ['db', 'api', 'search'],
    gates: [{ name: 'catalog' }],
  }),
];

export const DB_READY = after(3_200, {
  kind: 'ready',
  resource: 'db',
  endpoint: { host: '127.0.0.1', port: 54_213, url: 'postgres://postgres@127.0.0.1:54213/postgres' },
});

export const API_READY = after(3_900, { kind: 'ready', resource: 'api', endpoint: { host: '::1', port: 8_080 } });

/** The log's last words are its cause. */
export const SEARCH_FAILED = after(6_400, {
  kind: 'failed',
  resource: 'search',
  failure: {
    code: 'RESOURCE_EXITED',
    subject: 'search',
    message: 'search exited with code 1 before it was ready',
    log: ['starting', 'panic: no index'],
    logFile: '/project/.greenroom/generations/k-1/search.log',
    hint: 'run it by hand: node search.mjs',
  },
});

export interface Folded {
  readonly progress: Progress;
  /** Each with the progress right after it. */
  readonly changes: readonly (readonly [Progress, Transition])[];
}

export function fold(events: readonly Event[]): Folded {
  let progress = begin(EMPTY);
  const changes: (readonly [Progress, Transition])[] = [];
  for (const event of events) {
    const step = advance(progress, event);
    progress = step.progress;
    for (const transition of step.transitions) changes.push([step.progress, transition]);
  }
  return { progress, changes };
}
