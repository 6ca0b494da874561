import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { expect, test } from 'vitest';

/** A config with its specs' types, compiled apart: what it registers would hold for every other file, too. */
const project = fileURLToPath(new URL('../../../fixtures/config/typed', import.meta.url));
const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Few projects have it, and inference of what is optional differs with it. */
const MODES = ['true', 'false'];

test.each(MODES)(
  'with exactOptionalPropertyTypes %s, what a config gives is known, and nothing else',
  async (exact) => {
    const { all, exitCode } = await execa('tsc', ['--noEmit', '-p', project, '--exactOptionalPropertyTypes', exact], {
      all: true,
      cwd: root,
      preferLocal: true,
      reject: false,
      timeout: 60_000,
    });
    expect(all).toBe('');
    expect(exitCode).toBe(0);
  },
  // A whole compiler run each, beside other tests.
  70_000,
);
