import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { expect, test } from 'vitest';

const DIST = new URL('../../../dist/', import.meta.url).href;

/** Prints every module that is loaded. */
const program = (entry: string): string => `
  import { registerHooks } from 'node:module';
  registerHooks({ load: (url, context, next) => (console.log(url), next(url, context)) });
  await import(${JSON.stringify(`${DIST}${entry}`)});
`;

test.each([['src/vitest/worker/index.js'], ['src/vitest/spec/test.js']])(
  'what is loaded before the first spec loads nothing but Node and ourselves: %s',
  async (entry) => {
    const { stdout } = await execa(process.execPath, ['--input-type=module', '--eval', program(entry)], {
      cwd: fileURLToPath(DIST),
      timeout: 20_000,
    });
    const loaded = stdout.split('\n');
    expect(loaded).toContain(`${DIST}${entry}`);
    expect(loaded.filter((url) => !url.startsWith('node:') && !url.startsWith(`${DIST}src/`))).toEqual([]);
  },
);
