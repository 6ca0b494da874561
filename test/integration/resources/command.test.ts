import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { command, type Address } from '../../../src/resources/command/index.ts';
import { defineResource } from '../../../src/resources/define.ts';
import { http, log } from '../../../src/resources/probes/define.ts';
import { projectDir, startResource } from '../../support/resources.ts';
import { freePort, listening, tcpServer } from '../../support/servers.ts';

/** A program of its own, in the words of Node. */
const node = (script: string, ...args: string[]): string[] => [process.execPath, '-e', script, ...args];

const SERVE = `require('http').createServer((_, res) => res.end(process.env.GREETING)).listen(process.env.PORT, '127.0.0.1')`;

/** Prints what Node says when a port is in use, and ends, on each port but the last of three. */
const UNLUCKY = `
  const fs = require('fs');
  fs.appendFileSync('tries', '.');
  if (fs.readFileSync('tries', 'utf8').length < 3) { console.error('listen EADDRINUSE: address already in use'); process.exit(1); }
  ${SERVE}`;

test('a service is told a free port, and is ready when it listens there', async () => {
  const { endpoint, failure, stop } = await startResource(command({ run: node(SERVE), env: { GREETING: 'hello' } }));
  expect(failure).toBeUndefined();
  expect(endpoint).toEqual({
    host: '127.0.0.1',
    port: expect.any(Number),
    url: `http://127.0.0.1:${endpoint?.port}`,
    epoch: 1,
  });
  expect(await (await fetch(endpoint!.url)).text()).toBe('hello');
  await stop();
  await expect(fetch(endpoint!.url)).rejects.toThrow('fetch failed');
});

test('a service is told its port in arguments too', async () => {
  const script = `require('http').createServer((_, res) => res.end('hi')).listen(Number(process.argv[1].slice(5)), '127.0.0.1')`;
  const { failure } = await startResource(command({ run: node(script, 'port={port}') }));
  expect(failure).toBeUndefined();
});

test('a service may be a child of the program that is run', async () => {
  const run = ['sh', '-c', '"$@" & wait', 'wrapper', ...node(SERVE)];
  const { endpoint, stop } = await startResource(command({ run, env: { GREETING: 'hi' } }));
  expect(await (await fetch(endpoint!.url)).text()).toBe('hi');
  await stop();
  await expect(fetch(endpoint!.url)).rejects.toThrow('fetch failed');
});

test('a service that listens on ::1 only is published there', async () => {
  const script = `require('http').createServer((_, res) => res.end('hi')).listen(process.env.PORT, '::1')`;
  const { endpoint } = await startResource(command({ run: node(script), ready: http('/') }));
  expect(endpoint).toMatchObject({ host: '::1', url: `http://[::1]:${endpoint?.port}` });
});

test('the environment may come from a function of the endpoints needed', async () => {
  const db = defineResource<Address>('postgres', {});
  const api = command({ run: node(SERVE), needs: { db }, env: (needs) => ({ GREETING: needs.db.url, COUNT: 3 }) });
  const needs = { db: { host: '127.0.0.1', port: 5432, url: 'postgres://127.0.0.1:5432' } };
  const { endpoint } = await startResource(api, { needs });
  expect(await (await fetch(endpoint!.url)).text()).toBe('postgres://127.0.0.1:5432');
});

test('a function that gives no environment is told', async () => {
  const env = (): never => ({ PATHS: ['a', 'b'] }) as never;
  const { failure } = await startResource(command({ run: node(SERVE), env }));
  expect(failure).toMatchObject({
    code: 'FUNCTION_FAILED',
    message: 'the function `env` of subject returned ["a","b"] as PATHS',
  });
});

test('a log probe gives fields, and the port that a service chose itself', async () => {
  const script = `
    const server = require('http').createServer((_, res) => res.end('hi'));
    server.listen(0, '0.0.0.0', () => console.log('listens on 0.0.0.0:' + server.address().port + ' token=abc'))`;
  const ready = log<'host' | 'port' | 'token'>(/listens on (?<host>\S+):(?<port>\d+) token=(?<token>\S+)/);
  const { endpoint } = await startResource(command({ run: node(script), port: false, ready }));
  expect(endpoint).toEqual({
    host: '127.0.0.1',
    port: expect.any(Number),
    url: `http://127.0.0.1:${endpoint?.port}`,
    token: 'abc',
    epoch: 1,
  });
});

test('a worker without a port is ready when its log says so', async () => {
  const script = `console.log('waiting for work'); setInterval(() => {}, 1000)`;
  const { endpoint } = await startResource(command({ run: node(script), port: false, ready: log(/waiting/) }));
  expect(endpoint).toEqual({ epoch: 1 });
});

test('a service that ends at once says how, with its log', async () => {
  const script = `for (let i = 1; i <= 60; i += 1) console.log('line ' + i); process.exit(3)`;
  const { failure } = await startResource(command({ run: node(script) }));
  expect(failure).toMatchObject({
    code: 'RESOURCE_EXITED',
    message: 'subject exited with code 3 before it was ready',
    subject: 'subject',
    log: Array.from({ length: 50 }, (_, index) => `line ${index + 11}`),
  });
});

test('a service that is never ready says what the probe saw last', async () => {
  const script = `require('http').createServer((_, res) => { res.statusCode = 503; res.end() }).listen(process.env.PORT, '127.0.0.1')`;
  const { failure } = await startResource(command({ run: node(script), ready: http('/health'), startTimeout: 1_500 }));
  expect(failure).toMatchObject({
    code: 'RESOURCE_START_TIMEOUT',
    message: expect.stringMatching(
      /within 1500 ms; the last probe said: GET http:\/\/127.0.0.1:\d+\/health: answered 503/,
    ),
  });
});

test('a ready service that ends is lost', async () => {
  const { pids, lost } = await startResource(command({ run: node(SERVE) }));
  process.kill(pids[0]!, 'SIGKILL');
  expect(await lost).toMatchObject({ code: 'RESOURCE_LOST', message: 'subject was ended by SIGKILL while in use' });
});

test('gets another port when somebody was faster on the one it was given', async () => {
  const { endpoint, failure, pids, notes } = await startResource(
    command({ run: node(UNLUCKY), env: { GREETING: 'hi' } }),
  );
  expect(failure).toBeUndefined();
  expect(pids).toHaveLength(3);
  expect(notes.filter((note) => /somebody was faster on port \d+; trying another one/.test(note))).toHaveLength(2);
  expect(await (await fetch(endpoint!.url)).text()).toBe('hi');
});

test('gives up after three ports', async () => {
  const script = `console.error('bind: Address already in use'); process.exit(1)`;
  const { failure, pids } = await startResource(command({ run: node(script) }));
  expect(pids).toHaveLength(3);
  expect(failure).toMatchObject({
    code: 'PORT_TAKEN',
    message: 'subject exited with code 1 before it was ready: an address it wanted was in use',
  });
});

test('what an earlier process logged does not make the next one ready', async () => {
  const script = `
    const fs = require('fs');
    if (fs.existsSync('tried')) { ${SERVE} }
    else { fs.writeFileSync('tried', ''); console.log('ready'); console.error('EADDRINUSE'); process.exitCode = 1 }`;
  const { failure } = await startResource(command({ run: node(script), ready: log(/^ready$/), startTimeout: 1_500 }));
  expect(failure).toMatchObject({
    code: 'RESOURCE_START_TIMEOUT',
    message: expect.stringContaining('the last probe said: log: no line matches /^ready$/; it is empty'),
  });
});

test('a port of its own must be free, and who has it is named', async () => {
  const port = await tcpServer('127.0.0.1');
  const { failure, pids } = await startResource(command({ run: node(SERVE), port }));
  expect(pids).toEqual([]);
  expect(failure).toMatchObject({
    code: 'PORT_TAKEN',
    message: expect.stringContaining(`port ${port}, which subject must have, is taken by `),
    hint: expect.stringContaining(`port: 'auto'`),
  });
  expect(failure?.message).toContain(`(pid ${process.pid})`);
});

test('a port of its own is used when it is free', async () => {
  const port = await freePort();
  const { endpoint } = await startResource(command({ run: node(SERVE), port }));
  expect(endpoint?.port).toBe(port);
});

test('a stranger that answers on the port is not taken for the service', async () => {
  const root = projectDir();
  const script = `
    const fs = require('fs');
    console.log('up');
    setInterval(() => fs.existsSync('go') && console.log('ready'), 5)`;
  const port = await freePort();
  const starting = startResource(command({ run: node(script), port, ready: log(/ready/) }), { root });
  const logFile = join(root, '.greenroom', 'subject.log');
  await expect.poll(() => existsSync(logFile) && readFileSync(logFile, 'utf8'), { timeout: 20_000 }).toContain('up');
  await listening(createServer(), '127.0.0.1', port);
  writeFileSync(join(root, 'go'), '');
  expect((await starting).failure).toMatchObject({
    code: 'PORT_TAKEN',
    message: expect.stringContaining(`(pid ${process.pid})`),
  });
});
