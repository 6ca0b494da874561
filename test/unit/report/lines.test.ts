import { expect, test } from 'vitest';
import type { Welcome } from '../../../src/protocol/messages.ts';
import { address, columns, count, duration } from '../../../src/report/format.ts';
import { headline } from '../../../src/report/headline.ts';
import { incidentOf } from '../../../src/report/incident.ts';
import { summary } from '../../../src/report/summary.ts';
import { after, API_READY, DB_READY, fold, JOINED, T0 } from './generation.ts';

const WELCOME: Welcome = {
  type: 'welcome',
  key: 'k',
  generation: 1,
  nonce: 'n',
  logDir: '/project/.greenroom/generations/k-1',
  leases: 3,
  coordinator: { pid: 4121, upSince: T0 },
};

test.each([
  [0, '0.0s'],
  [449, '0.4s'],
  [59_949, '59.9s'],
  [59_950, '1m00s'],
  [708_000, '11m48s'],
  [3_599_400, '59m59s'],
  [7_620_000, '2h07m'],
  [-5, '0.0s'],
])('%i ms is written %s', (ms, text) => {
  expect(duration(ms)).toBe(text);
});

test('addresses', () => {
  expect(address({ host: '127.0.0.1', port: 5 })).toBe('127.0.0.1:5');
  expect(address({ host: '::1', port: 5 })).toBe('[::1]:5');
  expect(address({ url: 'postgres://user:secret@127.0.0.1:5/db' })).toBe('127.0.0.1:5');
  expect(address({})).toBe('');
});

test('counts and columns', () => {
  expect([count(1, 'lease'), count(2, 'lease')]).toEqual(['1 lease', '2 leases']);
  expect(
    columns([
      ['a', 'b'],
      ['long', ''],
    ]),
  ).toEqual(['a     b', 'long']);
});

test('the headline tells a start from a join', () => {
  expect(headline({ ...WELCOME, leases: 1 }, T0 - 100)).toBe('coordinator pid 4121 (started by this run)');
  // Begun at the same time as another one, which was there first.
  expect(headline(WELCOME, T0 - 100)).toBe('coordinator pid 4121 (joined; started just now, 2 other leases)');
  expect(headline({ ...WELCOME, leases: 1 }, T0 + 48_000)).toContain('ago, no other lease)');
  expect(headline(WELCOME, T0 + 48_000)).toMatchInlineSnapshot(
    `"coordinator pid 4121 (joined; started 48.0s ago, 2 other leases)"`,
  );
});

test('the summary says what was shared', () => {
  const { state } = fold([...JOINED, DB_READY, API_READY]).progress;
  expect(summary(state, WELCOME, T0 - 100)).toMatchInlineSnapshot(
    `"greenroom: infrastructure started once · 2 resources (db 3.2s, api 0.7s) · 1 lease at the peak"`,
  );
  expect(summary(state, WELCOME, T0 + 48_000)).toMatchInlineSnapshot(
    `"greenroom: joined what had been up for 48.0s · 2 resources (db 3.2s, api 0.7s) · 1 lease at the peak"`,
  );
  expect(summary(fold([]).progress.state, WELCOME, T0 - 100)).toMatchInlineSnapshot(
    `"greenroom: infrastructure started once · no resources · 0 leases at the peak"`,
  );
});

test('what was up and is no more is in the summary, too', () => {
  const failure = { code: 'RESOURCE_EXITED', message: 'db died of SIGKILL' } as const;
  const { state } = fold([
    ...JOINED,
    DB_READY,
    API_READY,
    after(8_000, { kind: 'failed', resource: 'db', failure }),
  ]).progress;
  expect(summary(state, WELCOME, T0)).toContain(' · 2 resources (db failed, api 0.7s) · ');
});

test('only the loss of something that was ready is an incident', () => {
  const failure = { code: 'RESOURCE_EXITED', message: 'db died of SIGKILL' } as const;
  const lost = after(8_000, { kind: 'failed', resource: 'db', failure });
  const told = (events: Parameters<typeof fold>[0]): string[] =>
    fold(events).changes.flatMap(([, transition]) => incidentOf(transition)?.line ?? []);
  expect(told([...JOINED, lost])).toEqual([]);
  expect(told([...JOINED, DB_READY, lost]).map((line) => line.replace(/\d\d:\d\d:\d\d/, 'HH:MM:SS')))
    .toMatchInlineSnapshot(`
    [
      "greenroom: HH:MM:SS db is lost: db died of SIGKILL",
    ]
  `);
});
