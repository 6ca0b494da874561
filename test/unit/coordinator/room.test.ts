import { expect, test } from 'vitest';
import type { Effect, NewEvent } from '../../../src/coordinator/events.ts';
import { initialState, reduce } from '../../../src/coordinator/reducer.ts';
import type { Graph } from '../../../src/coordinator/state.ts';
import { awaitedGeneration } from '../../../src/coordinator/waiters.ts';

const GRAPH: Graph = {
  linger: 0,
  leaseTimeout: 300_000,
  resources: { api: { needs: [] } },
  gates: { room: { needs: ['api'], timeout: 60_000, room: true } },
};

/** A generation in which the service is ready, and two runs have joined, one with 4 workers and one with 12. */
function generation() {
  let state = initialState(GRAPH);
  const happens = (event: NewEvent): readonly Effect[] => {
    const next = reduce(state, { at: 0, ...event });
    state = next.state;
    return next.effects;
  };
  const waits = (member: string): readonly Effect[] =>
    happens({ kind: 'waiting', member, request: 1, resources: ['api'], gates: [{ name: 'room' }] });
  happens({ kind: 'elected' });
  happens({ kind: 'joined', lease: 'small', role: 'runner', run: 'a', pid: 1, workers: 4 });
  happens({ kind: 'joined', lease: 'large', role: 'runner', run: 'b', pid: 2, workers: 12 });
  happens({ kind: 'joined', lease: 'worker', role: 'worker', run: 'b', pid: 3 });
  const answered = (effects: readonly Effect[]): readonly string[] =>
    effects.flatMap((effect) =>
      effect.do.startsWith('answer') && 'member' in effect ? [`${effect.do} ${effect.member}`] : [],
    );
  const asked = (): number | undefined => awaitedGeneration(state, 'room');
  const gate = () => state.gates['room'];
  const passes = (workers: number) => happens({ kind: 'gate.passed', gate: 'room', generation: workers });
  return { happens, waits, answered, asked, gate, passes };
}

const API = { kind: 'ready', resource: 'api', endpoint: {} } as const;
const failure = { code: 'INFRA_CAPACITY', message: 'capacity of api: 8 < 24' } as const;

test('room is asked for as many workers as the run has, also of a worker’s own wait', () => {
  const { happens, waits, asked } = generation();
  waits('worker');
  happens(API);
  expect(asked()).toBe(12);
});

test('a run with more workers waits until there is room for them, and one with fewer does not', () => {
  const { happens, waits, answered, asked, passes } = generation();
  waits('small');
  happens(API);
  expect(asked()).toBe(4);
  // It comes while the first is being asked for.
  expect(answered(waits('large'))).toEqual([]);
  expect(answered(passes(4))).toEqual(['answer-ready small']);
  expect(asked()).toBe(12);
  expect(answered(passes(12))).toEqual(['answer-ready large']);
  expect(answered(waits('small'))).toEqual(['answer-ready small']);
});

test('no room for one run leaves the gate open for the other', () => {
  const { happens, waits, answered, gate, passes } = generation();
  waits('small');
  happens(API);
  passes(4);
  waits('large');
  expect(answered(happens({ kind: 'gate.failed', gate: 'room', failure }))).toEqual(['answer-failed large']);
  expect(gate()).toEqual({ state: 'open', generation: 4 });
  expect(answered(waits('small'))).toEqual(['answer-ready small']);
});
