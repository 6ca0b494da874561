import { expect, test } from 'vitest';
import { budgetLines, stageOf, standingOf, type Budget } from '../../../src/report/budget.ts';
import { stopsText, timeLines } from '../../../src/report/time-lines.ts';
import { timesOf } from '../../../src/report/times.ts';
import { initialState } from '../../../src/coordinator/reducer.ts';
import { advance, begin } from '../../../src/report/fold.ts';
import { after, API_READY, DB_READY, fold, JOINED, T0 } from './generation.ts';

const START: Budget = { phase: 'start', ms: 10_000, since: T0, usual: { db: 3_000, api: 4_000 } };
const SPECS: Budget = { phase: 'specs', ms: 60_000, since: T0 + 5_000, usual: {} };
const SEARCH_READY = after(1_000, { kind: 'ready', resource: 'search', endpoint: {} });
const OPEN = after(4_500, { kind: 'gate.passed', gate: 'catalog' });

test.each([
  [0, 0, 'fine'],
  [7_999, 2_001, 'fine'],
  [7_999, 2_002, 'short'],
  [100, 9_901, 'short'],
  [8_000, 0, 'short'],
  [9_999, 0, 'short'],
  [10_000, 0, 'over'],
] as const)('after %i ms of 10 s, with %i ms to go: %s', (spent, left, stage) => {
  expect(stageOf(START, { spent, left })).toBe(stage);
});

test('a start that will take too long: what is under way, since when, how long it usually takes, and the forecast', () => {
  const { progress } = fold(JOINED);
  const standing = standingOf(START, progress.state, T0 + 8_000)!;
  expect(standing).toEqual({ spent: 8_000, left: 4_000 });
  expect(budgetLines(START, standing, progress, [], T0 + 8_000)).toEqual([
    'greenroom: 8.0s of the 10.0s for start are spent; over in 4.0s, if it goes as usual',
    '  · db is starting for 8.0s, usually 3.0s',
    '  · api is waiting, usually 4.0s: needs db',
    '  · search is starting for 8.0s',
    '  · gate catalog is closed for 8.0s: needs api',
  ]);
});

test('specs at the end of their budget: those that run, and what each worker waits for', () => {
  const worker = [
    after(5_000, { kind: 'joined', lease: 'L2', role: 'worker', run: '7f3a', pid: 4200 }),
    after(6_000, {
      kind: 'waiting',
      member: 'L2',
      request: 1,
      resources: ['db'],
      gates: [{ name: 'catalog', atLeast: 2 }],
    }),
  ];
  const { progress } = fold([...JOINED, SEARCH_READY, DB_READY, API_READY, OPEN, ...worker]);
  const running = Array.from({ length: 10 }, (_, n) => `a.test.ts  spec ${n}`);
  const lines = budgetLines(SPECS, standingOf(SPECS, progress.state, T0 + 66_000)!, progress, running, T0 + 66_000);
  expect(lines[0]).toBe('greenroom: the budget of 1m00s for specs is spent');
  expect(lines.slice(8)).toEqual([
    '  · runs: a.test.ts  spec 7',
    '  · and 2 more',
    '  · the worker of slot 1 has waited 1m00s for gate catalog',
  ]);
});

test('where the time went, for people', () => {
  const events = [...JOINED, SEARCH_READY, DB_READY, API_READY, OPEN];
  const { graph } = fold([]).progress.state;
  expect(timeLines(graph, timesOf(graph, events, T0 + 9_000), { start: 30_000 })).toEqual([
    'time: start 4.5s of 30.0s · specs 4.5s',
    'critical path of the start: db 3.2s → api 0.7s',
    'members waited for: db 2.7s · api 0.7s · gate catalog 0.6s · search 0.5s',
  ]);
  expect(timeLines(graph, timesOf(graph, []))).toEqual([]);
});

const WITH_IMAGES = initialState({
  linger: 0,
  leaseTimeout: 300_000,
  resources: { app: { needs: [], image: true }, db: { needs: [] }, api: { needs: ['app', 'db'] } },
  gates: {},
});
const wantsAll = { kind: 'waiting', member: 'L1', request: 1, resources: ['app', 'db', 'api'], gates: [] } as const;
const WANTED = [...JOINED.slice(0, 2), after(2, wantsAll)];
const BUILT = [
  after(900, { kind: 'ready', resource: 'db', endpoint: {} }),
  after(6_000, {
    kind: 'built',
    resource: 'app',
    fact: {
      how: 'cold',
      digest: 'd',
      waited: 0,
      steps: 3,
      cached: 0,
      from: T0 + 10,
      to: T0 + 6_000,
      madeAt: T0 + 6_000,
    },
  }),
  after(6_001, { kind: 'ready', resource: 'app', endpoint: {} }),
];
const BUILD: Budget = { phase: 'build', ms: 5_000, since: T0, usual: { app: 4_000, api: 1_000 } };

test('builds have a budget of their own, and the start begins after them', () => {
  const at = (events: typeof WANTED) =>
    events.reduce((progress, event) => advance(progress, event).progress, begin(WITH_IMAGES));
  const building = at(WANTED);
  const standing = standingOf(BUILD, building.state, T0 + 3_000)!;
  expect(standing).toEqual({ spent: 3_000, left: 1_002 });
  expect(standingOf({ ...BUILD, phase: 'start' }, building.state, T0 + 3_000)).toBeUndefined();
  expect(budgetLines(BUILD, { spent: 5_000, left: 0 }, building, [], T0 + 5_000)).toEqual([
    'greenroom: the budget of 5.0s for build is spent',
    '  · app is starting for 5.0s, usually 4.0s',
  ]);
  const built = at([...WANTED, ...BUILT]);
  expect(standingOf(BUILD, built.state, T0 + 7_000)).toBeUndefined();
  expect(standingOf({ ...BUILD, phase: 'start' }, built.state, T0 + 6_500)).toEqual({ spent: 500, left: 501 });
  expect(timesOf(WITH_IMAGES.graph, [...WANTED, ...BUILT], T0 + 7_000).phases).toMatchObject({
    build: 5_999,
    start: 1_001,
  });
});

test('a teardown: what it is spent on, longest first, and what it usually takes', () => {
  const events = [
    ...JOINED,
    SEARCH_READY,
    DB_READY,
    API_READY,
    OPEN,
    after(5_000, { kind: 'stop', reason: 'it was asked to' }),
    after(7_500, { kind: 'cleaned', resource: 'api' }),
    after(7_600, { kind: 'cleaned', resource: 'search' }),
  ];
  const { progress } = fold(events);
  const times = timesOf(progress.state.graph, events, T0 + 9_000);
  expect(times.stops).toEqual([
    { name: 'api', from: T0 + 5_000, to: T0 + 7_500, over: true },
    { name: 'search', from: T0 + 5_000, to: T0 + 7_600, over: true },
    { name: 'db', from: T0 + 7_500, to: T0 + 9_000, over: false },
  ]);
  expect(stopsText(times.stops)).toBe('search 2.6s · api 2.5s · db 1.5s');
  const budget: Budget = { phase: 'teardown', ms: 10_000, since: T0 + 5_000, usual: {}, usually: 12_000 };
  const standing = standingOf(budget, progress.state, T0 + 9_000)!;
  expect(budgetLines(budget, standing, progress, ['db for 1.5s'], T0 + 9_000)).toEqual([
    'greenroom: 4.0s of the 10.0s for teardown are spent; over in 8.0s, if it goes as usual',
    '  · stops: db for 1.5s',
  ]);
});
