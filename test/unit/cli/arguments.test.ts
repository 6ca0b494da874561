import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { exitCodeOfExit, exitCodeOfFailure, exitCodeOfSignal, isInfrastructure } from '../../../src/cli/exit-codes.ts';
import { unsupportedNode } from '../../../src/platform/node-version.ts';
import { unstartable } from '../../../src/cli/program-check.ts';
import { splitCommand } from '../../../src/cli/split.ts';
import { choice, exclusive, integer, names, text, unknownWord } from '../../../src/cli/usage.ts';
import { unknownName } from '../../../src/config/unknown-name.ts';

test.each([
  [['vitest', '--run'], [], ['vitest', '--run']],
  [['--', '--odd', 'x'], [], ['--odd', 'x']],
  [
    ['--needs', 'a,b', 'pytest', '-x'],
    ['--needs', 'a,b'],
    ['pytest', '-x'],
  ],
  [
    ['--needs=a', '--keep', 'pytest', '--', 'y'],
    ['--needs=a', '--keep'],
    ['pytest', '--', 'y'],
  ],
  [['--keep=on-failure', '--', 'go', 'test'], ['--keep=on-failure'], ['go', 'test']],
  [['--needs'], ['--needs'], []],
  [[], [], []],
])('%j: ours %j, theirs %j', (words, own, command) => {
  expect(splitCommand(words, new Set(['needs', 'config']))).toEqual({ own, command });
});

test('flags that take a value', () => {
  expect(names('needs', ['a, b', 'c'])).toEqual(['a', 'b', 'c']);
  expect(names('needs', undefined)).toBeUndefined();
  expect(text('config', 5)).toBe('5');
  expect(integer('procs', 4, 1, 10)).toBe(4);
  expect(choice('keep', 'always', ['always', 'on-failure'])).toBe('always');
  expect(exclusive({ json: true, watch: undefined }, ['json', 'watch'])).toBe('json');
});

test('what is wrong with a flag is said in one sentence', () => {
  const said = [
    () => names('needs', ','),
    () => text('config', ['a', 'b']),
    () => integer('procs', 'four', 1, 10),
    () => integer('procs', 0, 1, 10),
    () => integer('procs', 1.5, 1, 10),
    () => choice('keep', 'on-fail', ['always', 'on-failure']),
    () => exclusive({ json: true, watch: true }, ['json', 'watch']),
  ].map((read) => {
    try {
      return read();
    } catch (error) {
      return (error as Error).message;
    }
  });
  expect(said).toMatchInlineSnapshot(`
    [
      "--needs takes names, separated by commas",
      "--config can be given only once",
      "--procs takes a whole number from 1 to 10, got "four"",
      "--procs takes a whole number from 1 to 10, got "0"",
      "--procs takes a whole number from 1 to 10, got "1.5"",
      "unknown value for --keep: \`on-fail\`; did you mean \`on-failure\`?",
      "--json and --watch exclude each other",
    ]
  `);
});

test('the nearest known word is offered', () => {
  expect(unknownWord('command', 'stats', ['run', 'status']).message).toBe(
    'unknown command `stats`; did you mean `status`?',
  );
  expect(unknownWord('command', 'xyz', ['run', 'status']).message).toBe('unknown command `xyz`');
  expect(unknownName('resource', 'serach', ['db', 'search']).failure).toMatchObject({
    code: 'UNKNOWN_RESOURCE',
    message: 'there is no resource `serach`; did you mean `search`?',
    hint: 'the config has db, search',
  });
});

test('exit codes', () => {
  expect(exitCodeOfExit({ code: 3, signal: null })).toBe(3);
  expect(exitCodeOfExit({ code: null, signal: 'SIGKILL' })).toBe(137);
  expect(exitCodeOfExit({ code: null, signal: null, error: new Error('no sh') })).toBe(126);
  expect([exitCodeOfSignal('SIGINT'), exitCodeOfSignal('SIGTERM')]).toEqual([130, 143]);
  expect(exitCodeOfFailure({ code: 'GATE_TIMEOUT', message: '' })).toBe(12);
  expect(isInfrastructure({ code: 'PORT_TAKEN', message: '' })).toBe(true);
  expect(isInfrastructure({ code: 'CONFIG_INVALID', message: '' })).toBe(false);
});

test.each([
  ['20.20.2', false],
  ['22.17.1', false],
  ['22.18.0', true],
  ['23.11.0', false],
  ['24.0.0', true],
  ['26.1.0', true],
])('Node %s will do: %s', (version, enough) => {
  expect(unsupportedNode(version) === undefined).toBe(enough);
});

test('programs that cannot be started, with the code a shell would give', () => {
  const dir = mkdtempSync(join(tmpdir(), 'greenroom-test-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  const file = join(dir, 'tool');
  writeFileSync(file, '#!/bin/sh\n');
  chmodSync(file, 0o644);
  expect(unstartable('tool', dir)).toEqual({ code: 127, message: 'tool: command not found' });
  expect(unstartable(join(dir, 'none'), dir)).toMatchObject({ code: 127 });
  expect(unstartable(dir, dir)).toMatchObject({ code: 126 });
  expect(unstartable(file, dir)).toMatchObject({ code: 126 });
  chmodSync(file, 0o755);
  expect(unstartable('tool', dir)).toBeUndefined();
  expect(unstartable(file, '')).toBeUndefined();
});
