import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { importConfig } from '../../../src/config/import.ts';
import { CODES } from '../../../src/protocol/codes.ts';
import type { Failure } from '../../../src/protocol/failure.ts';
import { directoryWith } from './directory.ts';

const fixtures = fileURLToPath(new URL('../../../fixtures/config/broken', import.meta.url));
const program = fileURLToPath(new URL('failures-of.ts', import.meta.url));

/** Its import takes as long as a config may take, so that it has a test of its own. */
const ENDLESS = 'never-loads';

/** What does not even parse is written here: no tool of this project could read it as a fixture. */
const UNPARSABLE = {
  'syntax-typescript/greenroom.config.ts': `export default {\n  resources: {},\n  workers: ,\n};\n`,
  'syntax-javascript/greenroom.config.mjs': `export default {\n  resources: {},\n  workers: ,\n};\n`,
  'syntax-in-import/greenroom.config.mjs': `import './broken.mjs';\n`,
  'syntax-in-import/broken.mjs': `)\n`,
  'none/package.json': '{}',
};

async function failuresOf(directories: readonly string[]): Promise<(Failure | null)[]> {
  const env = { PATH: '/usr/bin:/bin' };
  const { stdout } = await execa(process.execPath, [program, ...directories], {
    env,
    extendEnv: false,
    timeout: 30_000,
  });
  return JSON.parse(stdout) as (Failure | null)[];
}

test('every mistake has one message that says what, where and what to do', async () => {
  const temporary = directoryWith(UNPARSABLE);
  const directories = [fixtures, temporary]
    .flatMap((parent) => readdirSync(parent).map((name) => join(parent, name)))
    .filter((directory) => basename(directory) !== ENDLESS)
    .toSorted((a, b) => (basename(a) < basename(b) ? -1 : 1));
  const failures = await failuresOf(directories);
  const told = directories.map((directory, index) => {
    const failure = failures[index];
    expect(failure, `${basename(directory)} is no broken config`).toBeTruthy();
    const { code, message, hint } = failure!;
    expect(CODES[code].exit, `exit code of ${code}`).toBe(2);
    const lines = [basename(directory), `  ${code}: ${message.replaceAll('\n', '\n    ')}`, `  hint: ${hint}`];
    return lines.join('\n').replaceAll(temporary, '<root>').replaceAll(fixtures, '<root>');
  });
  await expect(`${told.join('\n\n')}\n`).toMatchFileSnapshot('messages.txt');
});

test('importing that does not end is told after its deadline', async () => {
  await expect(importConfig(join(fixtures, ENDLESS, 'greenroom.config.ts'), 20)).rejects.toMatchObject({
    failure: {
      code: 'CONFIG_LOAD_FAILED',
      message: 'importing greenroom.config.ts did not end within 0.02 s',
      hint: expect.stringContaining('top-level `await`'),
    },
  });
});
