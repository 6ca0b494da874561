import { expect, test } from 'vitest';
import { statusLines } from '../../../src/report/status.ts';
import { after, API_READY, DB_READY, fold, JOINED, SEARCH_FAILED, T0 } from './generation.ts';

const FACTS = { key: 'k1', generation: 3, pid: 4121, at: T0, configFile: '/project/greenroom.config.ts' };

function status(events: Parameters<typeof fold>[0], ms: number): string {
  return `\n${statusLines(FACTS, fold(events).progress.state, T0 + ms).join('\n')}\n`;
}

test('resources, gates and leases of a busy generation', () => {
  const worker = after(4_000, { kind: 'joined', lease: 'L2', role: 'worker', run: '7f3a', pid: 4180 });
  const frozen = after(60_000, { kind: 'frozen', lease: 'L2' });
  expect(status([...JOINED, DB_READY, API_READY, SEARCH_FAILED, worker, frozen], 720_000)).toMatchInlineSnapshot(`
    "
    coordinator pid 4121 · open · unhealthy · up 12m00s · generation 3 of k1 · /project/greenroom.config.ts · ends 2.0s after the last lease

    RESOURCE  STATE   FOR     STARTS  DETAIL
    db        ready   11m57s  1       127.0.0.1:54213
    api       ready   11m56s  1       [::1]:8080
    search    failed          1       search exited with code 1 before it was ready

    GATE     STATE   WAITING  DETAIL
    catalog  closed  0        not probed: nobody waits for it

    LEASE  HOLDER              PID   SLOT  HELD
    L1     runner of run 7f3a  4100  -     12m00s
    L2     worker of run 7f3a  4180  1     11m56s  frozen for 11m00s
    "
  `);
});

test('a held generation that nobody uses', () => {
  const hold = after(4_000, { kind: 'hold', resources: ['db'] });
  const left = after(5_000, { kind: 'left', lease: 'L1' });
  expect(status([...JOINED, hold, left], 7_300_000)).toMatchInlineSnapshot(`
    "
    coordinator pid 4121 · open · healthy · up 2h01m · generation 3 of k1 · /project/greenroom.config.ts · held until \`greenroom down\`

    RESOURCE  STATE     FOR    STARTS  DETAIL
    db        starting  2h01m  1
    api       declared         0       needs db
    search    starting  2h01m  1

    GATE     STATE   WAITING  DETAIL
    catalog  closed  0        needs api

    no leases
    "
  `);
});

test('one that stops says why', () => {
  expect(status([...JOINED, after(9_000, { kind: 'stop', reason: 'down --force' })], 9_100)).toMatchInlineSnapshot(`
    "
    coordinator pid 4121 · stopping · healthy · up 9.1s · generation 3 of k1 · /project/greenroom.config.ts · stopping: down --force

    RESOURCE  STATE     FOR  STARTS  DETAIL
    db        stopping       1
    api       stopped        0
    search    stopping       1

    GATE     STATE   WAITING  DETAIL
    catalog  closed  0        needs api

    LEASE  HOLDER              PID   SLOT  HELD
    L1     runner of run 7f3a  4100  -     9.1s
    "
  `);
});
