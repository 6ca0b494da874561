import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { expect, test } from 'vitest';

/** A config with its specs' types, compiled apart: what it registers would hold for every other file, too. */
const project = fileURLToPath(new URL('../../../fixtures/config/typed', import.meta.url));
const root = fileURLToPath(new URL('../../..', import.meta.url));

test('what a config gives is known to those who use it, and nothing else', async () => {
  const { all, exitCode } = await execa('tsc', ['--noEmit', '-p', project], {
    all: true,
    cwd: root,
    preferLocal: true,
    reject: false,
    timeout: 60_000,
  });
  expect(all).toBe('');
  expect(exitCode).toBe(0);
});
