import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import type { Failure } from '../../../src/protocol/failure.ts';
import { failureLines } from '../../../src/report/failure.ts';

function told(failure: Failure): string {
  return `\n${failureLines(failure).map(stripVTControlCharacters).join('\n')}\n`;
}

const EXITED: Failure = {
  code: 'RESOURCE_EXITED',
  subject: 'db',
  message: 'db exited with code 1 before it was ready',
  log: ['initdb: error: invalid locale', 'giving up'],
  logFile: '/project/.greenroom/generations/k-1/db.log',
  hint: 'set LC_ALL=C',
};

test('a usage error is one line and what to do', () => {
  expect(told({ code: 'USAGE', message: 'unknown command `rum`; did you mean `run`?', hint: 'see `greenroom --help`' }))
    .toMatchInlineSnapshot(`
    "
    error: unknown command \`rum\`; did you mean \`run\`? [USAGE]
      hint:  see \`greenroom --help\`
    "
  `);
});

test('a start failure has its log lines, the file and a hint', () => {
  expect(told(EXITED)).toMatchInlineSnapshot(`
    "
    error: db exited with code 1 before it was ready [RESOURCE_EXITED]
      last 2 log lines:
        │ initdb: error: invalid locale
        │ giving up
      log:   /project/.greenroom/generations/k-1/db.log
      hint:  set LC_ALL=C
    "
  `);
});

test('a failure that follows from another names the root cause, and its log', () => {
  const failure: Failure = {
    code: 'DEPENDENCY_FAILED',
    subject: 'web',
    message: 'web was not started, because api failed',
    cause: { code: 'DEPENDENCY_FAILED', subject: 'api', message: 'not started, because db failed', cause: EXITED },
  };
  expect(told(failure)).toMatchInlineSnapshot(`
    "
    error: web was not started, because api failed [DEPENDENCY_FAILED]
      cause: db exited with code 1 before it was ready [RESOURCE_EXITED]
      last 2 log lines:
        │ initdb: error: invalid locale
        │ giving up
      log:   /project/.greenroom/generations/k-1/db.log
      hint:  set LC_ALL=C
    "
  `);
});

test('names the subject where the message does not', () => {
  expect(told({ code: 'FUNCTION_FAILED', subject: 'env', message: 'boom\nsecond line' })).toMatchInlineSnapshot(`
    "
    error: env: boom
             second line [FUNCTION_FAILED]
    "
  `);
});

test('at most the last 50 log lines', () => {
  const log = Array.from({ length: 80 }, (_, n) => `line ${n}`);
  const lines = failureLines({ code: 'JOB_FAILED', message: 'no', log }).map(stripVTControlCharacters);
  expect(lines.filter((line) => line.includes('│'))).toHaveLength(50);
  expect(lines.at(-1)).toContain('line 79');
});

test('a log that is empty is named as such, one that was not begun not at all', () => {
  expect(told({ ...EXITED, log: [''] })).toMatchInlineSnapshot(`
    "
    error: db exited with code 1 before it was ready [RESOURCE_EXITED]
      log:   /project/.greenroom/generations/k-1/db.log (empty)
      hint:  set LC_ALL=C
    "
  `);
  expect(told({ ...EXITED, log: [] })).toMatchInlineSnapshot(`
    "
    error: db exited with code 1 before it was ready [RESOURCE_EXITED]
      hint:  set LC_ALL=C
    "
  `);
});
