import { expect, test } from 'vitest';
import { budgetLines, stageOf, type Budget } from '../../../src/report/budget.ts';
import { timeLines } from '../../../src/report/time-lines.ts';
import { timesOf } from '../../../src/report/times.ts';
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
  expect(stageOf(START, left, T0 + spent)).toBe(stage);
});

test('a start that will take too long: what is under way, since when, how long it usually takes, and the forecast', () => {
  const { progress } = fold(JOINED);
  expect(budgetLines(START, 'short', progress, [], T0 + 8_000)).toEqual([
    'greenroom: 8.0s of the 10.0s for start are spent; ready in 4.0s, if it goes as usual',
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
  const lines = budgetLines(SPECS, 'over', progress, running, T0 + 66_000);
  expect(lines[0]).toBe('greenroom: the budget of 1m00s for specs is spent');
  expect(lines.slice(8)).toEqual([
    '  · runs: a.test.ts  spec 7',
    '  · and 2 more run',
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
