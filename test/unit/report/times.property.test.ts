import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Event } from '../../../src/coordinator/events.ts';
import { criticalPath, pathText } from '../../../src/report/critical-path.ts';
import { forecastStart, usualOf } from '../../../src/report/forecast.ts';
import { timesOf } from '../../../src/report/times.ts';
import { after, API_READY, DB_READY, fold, JOINED, SEARCH_FAILED, T0 } from './generation.ts';

const { graph } = fold([]).progress.state;
const SEARCH_READY = after(1_000, { kind: 'ready', resource: 'search', endpoint: {} });
const OPEN = after(4_500, { kind: 'gate.passed', gate: 'catalog' });
const LEFT = after(9_000, { kind: 'left', lease: 'L1' });
const LINGER_OVER = after(11_000, { kind: 'timer', timer: 'linger' });
const ALL: readonly Event[] = [...JOINED, SEARCH_READY, DB_READY, API_READY, OPEN, LEFT, LINGER_OVER];

test('where the time of a whole generation went', () => {
  const cleaned = ['api', 'search', 'db'].map((resource, n) => after(11_100 + n * 100, { kind: 'cleaned', resource }));
  const times = timesOf(graph, [...ALL, ...cleaned]);
  expect(times.phases).toEqual({ build: 0, start: 4_500, specs: 4_500, idle: 2_000, teardown: 300 });
  expect(pathText(criticalPath(graph, times.starts))).toBe('db 3.2s → api 0.7s');
  // Two started at once for a second, then only db, then api, then the gate was closed.
  expect(times.waited).toEqual({ db: 499 + 2_200, search: 499, api: 700, 'gate catalog': 600 });
});

test('a start that failed is no part of the path', () => {
  const { starts } = timesOf(graph, [...JOINED, DB_READY, SEARCH_FAILED]);
  expect(criticalPath(graph, starts).map(({ name }) => name)).toEqual(['db']);
  expect(criticalPath(graph, [])).toEqual([]);
});

test('phases add up to the whole time, and waiting to what all waiters have waited, wherever it is cut off', () => {
  fc.assert(
    fc.property(fc.nat(ALL.length), fc.nat(20_000), (length, more) => {
      const events = ALL.slice(0, length);
      const end = (events.at(-1)?.at ?? T0) + more;
      const { phases, waited } = timesOf(graph, events, end);
      const total = Object.values(phases).reduce((sum, ms) => sum + ms, 0);
      expect(total).toBe(events.length === 0 ? 0 : end - (events[0]?.at ?? 0));
      const asked = events.some(({ kind }) => kind === 'waiting');
      const answered = events.includes(OPEN) ? OPEN.at : end;
      const sum = Object.values(waited).reduce((all, ms) => all + ms, 0);
      expect(sum).toBeCloseTo(asked ? answered - (T0 + 2) : 0);
    }),
  );
});

/** A graph in which each needs some of those before it, and how long each start takes. */
const graphs = fc
  .array(fc.tuple(fc.array(fc.nat(9)), fc.integer({ min: 1, max: 100 })), { minLength: 1, maxLength: 10 })
  .map((all) => {
    const needs = all.map(([raw], index) => [...new Set(raw.filter((need) => need < index))]);
    const took = all.map(([, ms]) => ms);
    const ready: number[] = [];
    for (const [index, ms] of took.entries())
      ready.push(ms + Math.max(0, ...(needs[index] ?? []).map((need) => ready[need] ?? 0)));
    return { needs, took, ready };
  });
const resourcesOf = (needs: readonly (readonly number[])[]): Record<string, { needs: string[] }> =>
  Object.fromEntries(needs.map((some, index) => [`r${index}`, { needs: some.map((need) => `r${need}`) }]));

test('the critical path is a chain of needs without gaps, as long as the longest of all chains', () => {
  fc.assert(
    fc.property(graphs, ({ needs, took, ready }) => {
      const starts = took.map((ms, index) => ({
        name: `r${index}`,
        from: (ready[index] ?? 0) - ms,
        to: ready[index] ?? 0,
      }));
      const path = criticalPath({ resources: resourcesOf(needs) }, starts);
      expect(path.reduce((sum, { from, to }) => sum + to - from, 0)).toBe(Math.max(...ready));
      for (const [index, { name, from }] of path.entries()) {
        const before = path[index - 1];
        expect(from).toBe(before?.to ?? 0);
        if (before !== undefined) expect(resourcesOf(needs)[name]?.needs).toContain(before.name);
      }
    }),
  );
});

test('a start that goes as usual is forecast right, at any moment of it', () => {
  fc.assert(
    fc.property(graphs, fc.nat(1_000), ({ needs, took, ready }, now) => {
      const names = took.map((_, index) => `r${index}`);
      const resources = Object.fromEntries(
        took.map((ms, index) => {
          const to = ready[index] ?? 0;
          const since = to - ms;
          if (now >= to) return [`r${index}`, { state: 'ready', since: to, took: ms, endpoint: {} } as const];
          return [
            `r${index}`,
            now >= since ? ({ state: 'starting', since } as const) : ({ state: 'declared' } as const),
          ];
        }),
      );
      const usual = Object.fromEntries(took.map((ms, index) => [`r${index}`, ms]));
      const state = { graph: { resources: resourcesOf(needs) }, resources, wanted: names };
      expect(forecastStart(state, usual, now)).toBe(Math.max(0, Math.max(...ready) - now));
    }),
  );
});

test('usual is the median of each', () => {
  expect(usualOf([{ db: 3, api: 1 }, { db: 9 }, { db: 4 }])).toEqual({ db: 4, api: 1 });
  expect(usualOf([])).toEqual({});
});
