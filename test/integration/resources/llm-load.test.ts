import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { load } from '../../../bench/load.ts';
import { script } from '../../../src/llm/client.ts';
import { Book } from '../../../src/resources/llm/book.ts';
import { askControl } from '../../../src/resources/llm/control-client.ts';
import { createMockLlm } from '../../../src/resources/llm/server.ts';
import { eventually } from '../../support/project.ts';
import { mockLlmOfFile } from '../../support/llm.ts';

const SPECS = fileURLToPath(new URL('../../../bench/llm/processes/specs.ts', import.meta.url));
const WORKERS = 12;
/** Of each worker; `npm run bench -- llm` has them run 200. */
const SPECS_EACH = 20;
const CONNECTIONS = 1_000;

const { endpoint, pids } = await mockLlmOfFile();

async function open(port = endpoint.port): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}

/** What the server answers to these bytes, until it closes the connection. */
async function send(...parts: readonly string[]): Promise<string> {
  const socket = await open();
  for (const part of parts) socket.write(part);
  return text(socket);
}

/** Sockets that the server has open, those it listens on included. */
const sockets = (): number => {
  const [pid = 0] = pids;
  return readdirSync(`/proc/${pid}/fd`).length;
};

const post = (body: string, length = Buffer.byteLength(body)): string =>
  `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: ${length}\r\n\r\n${body}`;

test('workers at the same time get their own answers, each of its specs', async () => {
  const { baseUrl, control } = endpoint;
  const workers = Array.from({ length: WORKERS }, (_, slot) =>
    promisify(execFile)(process.execPath, [SPECS, baseUrl, control, String(slot), String(SPECS_EACH)]),
  );
  const own = (await Promise.all(workers)).map(({ stdout }) => Number(stdout));
  expect(own).toEqual(Array.from({ length: WORKERS }, () => SPECS_EACH));
  const { unmatched, unused } = (await askControl(control, '/report', { since: 0 })) as Record<string, unknown>;
  expect({ unmatched, unused }).toEqual({ unmatched: [], unused: [] });
});

test('a thousand connections are held, and one more is answered', async () => {
  const held = await Promise.all(Array.from({ length: CONNECTIONS }, () => open()));
  expect(await send(post('{"model":"m","messages":[{"role":"user","content":"Hi"}]}'))).toContain('Mock answer to: Hi');
  const last = held.at(-1)!;
  last.write(post('{}'));
  expect(await text(last)).toContain('you must provide a model parameter');
  for (const socket of held) socket.destroy();
});

test('what is no request is answered in words, and leaves nothing', async () => {
  const before = sockets();
  expect(await send('this is not HTTP\r\n\r\n')).toMatch(/^HTTP\/1.1 400 .*could not read your request as HTTP/s);
  const large = `GET /health HTTP/1.1\r\nhost: x\r\nx-large: ${'x'.repeat(64_000)}\r\n\r\n`;
  expect(await send(large)).toMatch(/^HTTP\/1.1 431 .*header of your request is too large/s);
  expect(await send(post('{"model": '))).toMatch(/^HTTP\/1.1 400 .*could not parse the JSON body/s);
  expect(await send(post('[]'))).toMatch(/^HTTP\/1.1 400 .*is not an object/s);
  expect(await send('GET /v2 HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n')).toMatch(
    /404 .*knows POST \/v1\/chat/s,
  );
  await eventually(() => (sockets() <= before ? true : undefined), 'the connections to be closed');
});

test('who sends its header byte by byte, and never ends, is sent away', async () => {
  const server = createMockLlm(new Book([], false), undefined, { header: 500, request: 1_000 });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const socket = await open((server.address() as AddressInfo).port);
  socket.write('POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\n');
  const drip = setInterval(() => socket.write('x'), 100);
  const answer = await text(socket).finally(() => clearInterval(drip));
  expect(answer).toMatch(/^HTTP\/1.1 408 .*not complete in time/s);
  await promisify(server.close.bind(server))();
});

test('clients that leave in the middle, of a request or an answer, leave nothing', async () => {
  const before = sockets();
  const half = await open();
  half.write(post('{"model"', 1_000));
  const llm = script(endpoint, { slot: 77 });
  await llm.reply([
    { text: 'One two three', chunkDelay: 3_600_000 },
    { hang: true },
    { text: 'late', delay: 3_600_000 },
  ]);
  const asked = '{"model":"m","stream":true,"messages":[{"role":"user","content":"Hi"}]}';
  const waiting: Socket[] = [];
  for (const nth of [1, 2, 3]) {
    const socket = await open();
    socket.write(post(asked).replace('host: x', 'host: x\r\nbaggage: greenroom=77'));
    await eventually(async () => ((await llm.calls()).length === nth ? true : undefined), `request ${nth} to be heard`);
    waiting.push(socket);
  }
  await once(waiting[0]!, 'data');
  for (const socket of [half, ...waiting]) socket.destroy();
  await eventually(() => (sockets() <= before ? true : undefined), 'the connections to be closed');
  await llm.end();
});

test('many requests leave nothing behind', async () => {
  const body = JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'x'.repeat(2_000) }] });
  const { port, control } = endpoint;
  const ask = async (name: string): Promise<void> => {
    for (let spec = 0; spec < 40; spec += 1) {
      const headers = `baggage: greenroom=5.${name}-${spec}\r\n`;
      await load(100, { port, path: '/v1/chat/completions', headers, body });
    }
  };
  // What it keeps for who asks has a limit, which comes first.
  await ask('before');
  const before = residentKb();
  await ask('after');
  expect(residentKb() - before, 'kB more').toBeLessThan(60_000);
  const who = { slot: 5, spec: 'before-0' };
  const { calls } = (await askControl(control, '/calls', { who })) as { readonly calls: readonly unknown[] };
  expect(calls, 'the oldest are not kept').toEqual([]);
});

function residentKb(): number {
  const status = readFileSync(`/proc/${pids[0]}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]);
}
