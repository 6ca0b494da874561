/** Faults, as clients meet them; a neighbour is never touched. */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import type { Fault } from '../../../src/gateway/fault.ts';
import { fronted, type Fronted } from '../../support/gateway.ts';
import { eventually } from '../../support/project.ts';
import { httpServer, listening } from '../../support/servers.ts';

const BODY = 'the whole answer of the server, which is longer than a fault lets through';

const http = (): Promise<number> =>
  httpServer((request, response) => {
    request.resume();
    response.end(BODY);
  });

/** What a client gets: the status and the body, or the code of its error. */
async function met(url: string, init: RequestInit = {}): Promise<string> {
  try {
    const response = await fetch(url, init);
    return `${response.status} ${await response.text()}`;
  } catch (error) {
    const { cause, name } = error as Error & { cause?: { code?: string } };
    return cause?.code ?? name;
  }
}

async function twoSlots(upstream: Promise<number>, settings = {}): Promise<Fronted & { one: string; two: string }> {
  const front = await fronted(await upstream, settings);
  const [one, two] = [await front.door(1), await front.door(2)];
  return { ...front, one: one.url, two: two.url };
}

test('each fault of a slot, and its neighbour beside it', async () => {
  const { gateway, one, two, ended } = await twoSlots(http());
  const whole = `200 ${BODY}`;
  const outcomes: readonly (readonly [Fault, string])[] = [
    [{ kind: 'refuse' }, 'UND_ERR_SOCKET'],
    [{ kind: 'reset' }, 'ECONNRESET'],
    [{ kind: 'status', status: 503, body: 'no' }, '503 no'],
    [{ kind: 'truncate', bytes: 9 }, 'UND_ERR_SOCKET'],
    [{ kind: 'delay', ms: 20 }, whole],
    [{ kind: 'slow-body', ms: 2, bytes: 16 }, whole],
    [{ kind: 'bandwidth', bytesPerSecond: 1_000 }, whole],
  ];
  for (const [fault, expected] of outcomes) {
    gateway.scripts.add(1, fault);
    expect([fault.kind, await Promise.all([met(one), met(two)])]).toEqual([fault.kind, [expected, whole]]);
    gateway.scripts.clear({ slot: 1 });
  }
  const exchanges = await ended(2 * outcomes.length);
  const own = exchanges.filter(({ slot }) => slot === 1);
  expect(own.map(({ fault, end }) => [fault, end])).toEqual([
    ['refuse', 'refused'],
    ['reset', 'refused'],
    ['status', 'complete'],
    ['truncate', 'truncated'],
    ['delay', 'complete'],
    ['slow-body', 'complete'],
    ['bandwidth', 'complete'],
  ]);
  // How long is a matter of the fault, not of the machine: never shorter than what it asks for.
  expect(own[4]!.duration).toBeGreaterThanOrEqual(19);
  expect(own[5]!.duration).toBeGreaterThanOrEqual(4 * 2 - 1);
  expect(own[6]!.duration).toBeGreaterThanOrEqual(3 * 20 - 5);
  expect(exchanges.filter(({ slot, fault }) => slot === 2 && fault !== undefined)).toEqual([]);
});

test('a hang ends when the client gives up', async () => {
  const { gateway, one, two, ended } = await twoSlots(http());
  gateway.scripts.add(1, { kind: 'hang' });
  const giveUp = new AbortController();
  const hanging = met(one, { signal: giveUp.signal });
  await eventually(() => (gateway.book.find({}).length === 1 ? true : undefined), 'the request to come');
  expect(await met(two)).toBe(`200 ${BODY}`);
  giveUp.abort();
  expect(await hanging).toBe('AbortError');
  expect((await ended(2)).find(({ slot }) => slot === 1)).toMatchObject({ fault: 'hang', end: 'client-gone' });
});

test('with baggage, the faults of a spec are for its requests alone', async () => {
  const { gateway, one, two } = await twoSlots(http());
  const from = (spec: string) => ({ headers: { baggage: `greenroom=1.${spec}` } });
  gateway.scripts.add(1, { kind: 'status', status: 500, spec: 'a', when: 'alternating' });
  const statuses = [];
  for (let count = 0; count < 3; count += 1) {
    for (const answer of await Promise.all([met(one, from('a')), met(one, from('b')), met(one), met(two)]))
      statuses.push(answer.slice(0, 3));
  }
  expect(statuses.join(' ')).toBe('500 200 200 200 200 200 200 200 500 200 200 200');
});

test('the faults of a slot go with its port', async () => {
  const { gateway, one, door } = await twoSlots(http());
  gateway.scripts.add(1, { kind: 'status', status: 500 });
  expect(await met(one)).toBe('500 ');
  await gateway.shut('slot 1');
  expect(await met((await door(1)).url)).toBe(`200 ${BODY}`);
});

test('raw connections', async () => {
  const upstream = listening(
    createServer((socket) => {
      onTestFinished(() => void socket.destroy());
      socket.on('error', () => undefined);
      socket.on('data', (chunk) => socket.end(chunk));
    }),
    '127.0.0.1',
  );
  const { gateway, door, ended } = await fronted(await upstream, { protocol: 'tcp' });
  const [one, two] = [await door(1), await door(2)];
  const outcomes: readonly (readonly [Fault, string])[] = [
    [{ kind: 'refuse' }, ''],
    [{ kind: 'reset' }, 'ECONNRESET'],
    [{ kind: 'truncate', bytes: 4 }, 'hell'],
    [{ kind: 'delay', ms: 10 }, 'hello'],
    [{ kind: 'bandwidth', bytesPerSecond: 100 }, 'hello'],
  ];
  for (const [fault, expected] of outcomes) {
    gateway.scripts.add(1, fault);
    const heard = await Promise.all([heardOn(one.port), heardOn(two.port)]);
    expect([fault.kind, heard]).toEqual([fault.kind, [expected, 'hello']]);
    gateway.scripts.clear({ slot: 1 });
  }
  gateway.scripts.add(1, { kind: 'hang' });
  const hanging = connect(one.port, '127.0.0.1');
  await once(hanging, 'connect');
  expect(await heardOn(two.port)).toBe('hello');
  hanging.destroy();
  const exchanges = await ended(2 * outcomes.length + 2);
  const own = exchanges.filter(({ slot }) => slot === 1).map(({ fault, end }) => `${fault} ${end}`);
  expect(own).toEqual([
    'refuse refused',
    'reset refused',
    'truncate truncated',
    'delay complete',
    'bandwidth complete',
    'hang client-gone',
  ]);
  const others = exchanges.filter(({ slot }) => slot === 2);
  expect(others).toHaveLength(6);
  for (const exchange of others) expect(exchange).toMatchObject({ end: 'complete', requestBytes: 5, responseBytes: 5 });
});

/** What comes back for `hello`, or the code of the error. */
async function heardOn(port: number): Promise<string> {
  let heard = '';
  const socket: Socket = connect(port, '127.0.0.1', () => socket.write('hello'));
  return new Promise((resolve) => {
    socket.setEncoding('utf8').on('data', (chunk: string) => (heard += chunk));
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''));
    socket.once('close', () => resolve(heard));
  });
}
