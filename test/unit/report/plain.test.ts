import { expect, test } from 'vitest';
import type { Event } from '../../../src/coordinator/events.ts';
import { heartbeat, plainLine } from '../../../src/report/plain.ts';
import { after, API_READY, DB_READY, fold, JOINED, SEARCH_FAILED, T0 } from './generation.ts';

function lines(events: readonly Event[]): string {
  return fold(events)
    .changes.map(([progress, transition]) => plainLine(progress, transition, T0))
    .join('\n');
}

test('one line a change, from the start to an open gate', () => {
  const searchReady = after(5_000, {
    kind: 'ready',
    resource: 'search',
    endpoint: { url: 'http://127.0.0.1:54301/x' },
  });
  const passed = after(9_100, { kind: 'gate.passed', gate: 'catalog', generation: 3 });
  expect(lines([...JOINED, DB_READY, API_READY, searchReady, passed])).toMatchInlineSnapshot(`
    "[  0.0s] db               starting
    [  0.0s] search           starting
    [  3.2s] db               ready      3.2s 127.0.0.1:54213
    [  3.2s] api              starting
    [  3.9s] api              ready      0.7s [::1]:8080
    [  3.9s] gate catalog     probing
    [  5.0s] search           ready      5.0s 127.0.0.1:54301
    [  9.1s] gate catalog     open       generation 3"
  `);
});

test('a note that lasts stands beside what is ready; others, such as answers of probes, do not', () => {
  const note = (text: string, more: { lasting?: true } = {}): Event =>
    after(20, { kind: 'note', subject: 'db', text, ...more });
  const events = [note('its data is on disk', { lasting: true }), note('connection refused'), DB_READY];
  expect(lines([...JOINED, ...events]).split('\n')[2]).toBe(
    '[  3.2s] db               ready      3.2s 127.0.0.1:54213; its data is on disk',
  );
});

test('a failure says how long the try took and why it ended', () => {
  expect(lines([...JOINED, SEARCH_FAILED])).toMatchInlineSnapshot(`
    "[  0.0s] db               starting
    [  0.0s] search           starting
    [  6.4s] search           failed     after 6.4s: search exited with code 1 before it was ready"
  `);
});

test('one that was not started for another one says for which', () => {
  const failure = { code: 'RESOURCE_EXITED', subject: 'db', message: 'db exited with code 1' } as const;
  expect(lines([...JOINED, after(500, { kind: 'failed', resource: 'db', failure })])).toMatchInlineSnapshot(`
      "[  0.0s] db               starting
      [  0.0s] search           starting
      [  0.5s] db               failed     after 0.5s: db exited with code 1
      [  0.5s] api              failed     not started, because db failed"
    `);
});

test('a resource that is lost after it was ready, and starts again', () => {
  const lost = after(20_000, {
    kind: 'failed',
    resource: 'db',
    failure: {
      code: 'RESOURCE_LOST',
      message: 'db was lost',
      cause: { code: 'RESOURCE_EXITED', message: 'postgres died of SIGKILL' },
    },
  });
  const events = [
    ...JOINED,
    DB_READY,
    lost,
    after(20_050, { kind: 'retry' }),
    after(20_100, { kind: 'cleaned', resource: 'db' }),
  ];
  expect(lines(events)).toMatchInlineSnapshot(`
    "[  0.0s] db               starting
    [  0.0s] search           starting
    [  3.2s] db               ready      3.2s 127.0.0.1:54213
    [  3.2s] api              starting
    [ 20.0s] db               failed     postgres died of SIGKILL
    [ 20.1s] db               restarting postgres died of SIGKILL
    [ 20.1s] api              restarting after 16.9s: postgres died of SIGKILL
    [ 20.1s] db               starting"
  `);
});

test('the heartbeat names what is waited for and the last answer of its probe', () => {
  const answer = after(900, {
    kind: 'note',
    subject: 'search',
    text: 'try 14: ECONNREFUSED 127.0.0.1:54290\nat connect',
  });
  const { progress } = fold([...JOINED, answer, DB_READY]);
  expect(heartbeat(progress, T0 + 30_000, T0).join('\n')).toMatchInlineSnapshot(`
    "[ 30.0s] api              starting   still waiting after 26.8s
    [ 30.0s] search           starting   still waiting after 30.0s: try 14: ECONNREFUSED 127.0.0.1:54290"
  `);
});

test('the heartbeat of a closed gate has the answer of its probe', () => {
  const searchReady = after(5_000, { kind: 'ready', resource: 'search', endpoint: {} });
  const refused = after(6_000, { kind: 'gate.refused', gate: 'catalog', answer: 'status 503: syncing' });
  const { progress } = fold([...JOINED, DB_READY, API_READY, searchReady, refused]);
  expect(heartbeat(progress, T0 + 90_000, T0).join('\n')).toMatchInlineSnapshot(
    `"[ 1m30s] gate catalog     probing    still waiting after 1m30s: status 503: syncing"`,
  );
});

test('there is no heartbeat when nothing is waited for', () => {
  expect(heartbeat(fold([]).progress, T0 + 30_000, T0)).toEqual([]);
});
