import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as tick } from 'node:timers/promises';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { untilPasses, askOnce } from '../../../../src/resources/probes/run.ts';
import type { ProbePlan } from '../../../../src/protocol/plan.ts';
import { probeContext } from '../../../support/probes.ts';

let logFile: string;

beforeEach(() => {
  const dir = mkdtempSync(join(tmpdir(), 'gr-log-'));
  logFile = join(dir, 'api.log');
  onTestFinished(() => rmSync(dir, { recursive: true }));
});

const pattern = (expression: RegExp): ProbePlan => ({
  probe: 'log',
  pattern: { $regexp: { source: expression.source, flags: expression.flags } },
});

const LISTENS = pattern(/listens on (?<host>\S+):(?<port>\d+)/);

test('named groups of the first line that matches become fields', async () => {
  writeFileSync(logFile, 'starting\nlistens on 127.0.0.1:8080\nlistens on 127.0.0.1:9090\n');
  expect(await untilPasses(LISTENS, probeContext({ logFile }))).toEqual({ host: '127.0.0.1', port: '8080' });
});

test('a group that took no part is no field', async () => {
  writeFileSync(logFile, 'ready\n');
  expect(await untilPasses(pattern(/ready( on (?<port>\d+))?/), probeContext({ logFile }))).toEqual({});
});

test('waits for a line that comes later, in pieces', async () => {
  writeFileSync(logFile, 'starting\n');
  const answers: string[] = [];
  const heard = Promise.withResolvers<void>();
  const onAnswer = (answer: string): void => {
    answers.push(answer);
    heard.resolve();
  };
  const wait = untilPasses(LISTENS, probeContext({ logFile, onAnswer }));
  await heard.promise;
  for (const piece of ['listens on 127.0.0.1:80', '80']) {
    const before = answers.length;
    appendFileSync(logFile, piece);
    // Two answers later it has surely been read.
    while (answers.length < before + 2) await tick();
  }
  appendFileSync(logFile, '\n');
  expect(await wait).toEqual({ host: '127.0.0.1', port: '8080' });
  expect(answers[0]).toBe(
    String.raw`log: no line matches /listens on (?<host>\S+):(?<port>\d+)/; its last line is "starting"`,
  );
});

test('waits for a log that is not there yet', async () => {
  const heard = Promise.withResolvers<string>();
  const wait = untilPasses(LISTENS, probeContext({ logFile, onAnswer: heard.resolve }));
  expect(await heard.promise).toContain('it is empty');
  writeFileSync(logFile, 'listens on ::1:1\n');
  expect(await wait).toEqual({ host: '::1', port: '1' });
});

test('what was written before the offset does not count', async () => {
  writeFileSync(logFile, 'listens on 127.0.0.1:8080\n');
  const context = probeContext({ logFile, logFrom: Buffer.byteLength('listens on 127.0.0.1:8080\n') });
  expect(await askOnce(LISTENS, context)).toMatchObject({ ok: false });
  appendFileSync(logFile, 'listens on 127.0.0.1:9090\n');
  expect(await untilPasses(LISTENS, context)).toMatchObject({ port: '9090' });
});

test('colours are no part of a line', async () => {
  writeFileSync(logFile, '\u001B[32mlistens on\u001B[39m \u001B[1m127.0.0.1:8080\u001B[22m\r\n');
  expect(await untilPasses(LISTENS, probeContext({ logFile }))).toMatchObject({ port: '8080' });
});

test('flags that would make a match depend on the one before are ignored', async () => {
  writeFileSync(logFile, 'one\nREADY\n');
  expect(await askOnce(pattern(/^ready$/giy), probeContext({ logFile }))).toMatchObject({ ok: true });
});

test('ends with the signal, and says what the last line was', async () => {
  writeFileSync(logFile, 'café\n');
  const deadline = new AbortController();
  const onAnswer = (): void => deadline.abort(new Error('late'));
  const wait = untilPasses(LISTENS, probeContext({ logFile, onAnswer, signal: deadline.signal }));
  await expect(wait).rejects.toThrow('its last line is "café"');
});

test('a gate has no log', async () => {
  await expect(askOnce(LISTENS, probeContext())).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
});
