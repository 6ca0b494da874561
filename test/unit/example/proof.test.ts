import { expect, test } from 'vitest';
import {
  allPassed,
  heldAtTheGate,
  leasesAtThePeak,
  ownParts,
  startedOnce,
  tornDownLast,
} from '../../../scripts/example/proof.ts';
import type { Event, NewEvent } from '../../../src/coordinator/events.ts';

/** One event a second. */
const log = (...events: readonly NewEvent[]): readonly Event[] =>
  events.map((event, index) => ({ ...event, at: index * 1_000 }));

const main: NewEvent = { kind: 'joined', lease: 'L1', role: 'runner', run: 'r', pid: 1 };
const worker = (lease: string): NewEvent => ({ kind: 'joined', lease, role: 'worker', run: 'r', pid: 2 });
const left = (lease: string): NewEvent => ({ kind: 'left', lease });
const ready = (resource: string): NewEvent => ({ kind: 'ready', resource, endpoint: {} });
const cleaned = (resource: string): NewEvent => ({ kind: 'cleaned', resource });
const asks = (member: string): NewEvent => ({
  kind: 'waiting',
  member,
  request: 1,
  resources: [],
  gates: [{ name: 'catalog' }],
});
const opens = (lease: string): NewEvent => ({ kind: 'gate.passed', gate: `catalog@${lease}` });
const made = (slice: string, url: string): NewEvent => ({ kind: 'slice.made', slice, endpoint: { url } });

const good = log(
  main,
  ready('db'),
  ready('orders'),
  worker('L2'),
  worker('L3'),
  asks('L2'),
  asks('L3'),
  made('S1', 'db1'),
  made('S2', 'db2'),
  opens('L2'),
  opens('L3'),
  left('L2'),
  left('L3'),
  left('L1'),
  cleaned('orders'),
  cleaned('db'),
);

test('what was so is told in a line each', () => {
  const claims = [
    startedOnce(good, 1),
    ownParts(good, 2),
    leasesAtThePeak(good),
    heldAtTheGate(good, 'catalog', 2),
    allPassed(good, { files: 2, passed: true }),
    tornDownLast(good),
  ];
  expect(claims.map(({ holds, claim, detail }) => `${holds} | ${claim} | ${detail}`)).toMatchInlineSnapshot(`
    [
      "true | infrastructure started once | db, orders, all ready after 2.0s",
      "true | each worker had its own | 1 part for each of 2, 2 in all",
      "true | 3 leases at the peak | the main process and 2 workers",
      "true | 2 of 2 files held at the gate | for up to 4.0s, until gate catalog of their service opened",
      "true | all specs passed | 2 files, each in a process of its own",
      "true | teardown after the last worker | orders, db; the first 2.0s after it left",
    ]
  `);
});

test.each([
  ['a resource was ready twice', startedOnce(log(main, ready('db'), ready('db')), 1)],
  ['there were two generations', startedOnce(good, 2)],
  ['nothing was ready', startedOnce(log(main), 1)],
  ['one worker came after the other', leasesAtThePeak(log(main, worker('L2'), left('L2'), worker('L3')))],
  ['the gate was open before anybody asked', heldAtTheGate(log(worker('L2'), opens('L2'), asks('L2')), 'catalog', 1)],
  ['the gate never opened', heldAtTheGate(log(worker('L2'), asks('L2')), 'catalog', 1)],
  ['a part was had by two', ownParts(log(made('S1', 'db'), made('S2', 'db')), 2)],
  ['a worker had none', ownParts(log(made('S1', 'db')), 2)],
  ['nobody had a part', ownParts(log(), 2)],
  ['a file did not ask for the gate', heldAtTheGate(good, 'catalog', 3)],
  ['a file had no worker', allPassed(good, { files: 3, passed: true })],
  ['a spec failed', allPassed(good, { files: 2, passed: false })],
  ['a worker was still there', tornDownLast(log(worker('L2'), worker('L3'), left('L2'), cleaned('db'), left('L3')))],
  ['a worker never left', tornDownLast(log(worker('L2'), worker('L3'), left('L2'), cleaned('db')))],
  ['nothing was torn down', tornDownLast(log(worker('L2'), left('L2')))],
])('a claim does not hold when %s', (_, { holds }) => {
  expect(holds).toBe(false);
});
