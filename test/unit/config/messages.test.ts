import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { findConfig } from '../../../src/config/find.ts';
import { importConfig } from '../../../src/config/import.ts';
import { callWithAvailable, type EnvFunction } from '../../../src/config/partial.ts';
import { functionAt } from '../../../src/config/resolve.ts';
import { CODES } from '../../../src/protocol/codes.ts';
import { type Failure, toFailure } from '../../../src/protocol/failure.ts';
import { directoryWith } from './directory.ts';

const fixtures = fileURLToPath(new URL('../../../fixtures/config/broken', import.meta.url));
const program = fileURLToPath(new URL('failures-of.ts', import.meta.url));

/** Its import takes as long as a config may take, so that it is imported with a shorter deadline. */
const ENDLESS = 'never-loads';

/** What does not even parse is written here: no tool of this project could read it as a fixture. */
const UNPARSABLE = {
  'syntax-typescript/greenroom.config.ts': `export default {\n  resources: {},\n  workers: ,\n};\n`,
  'syntax-javascript/greenroom.config.mjs': `export default {\n  resources: {},\n  workers: ,\n};\n`,
  'syntax-in-import/greenroom.config.mjs': `import './broken.mjs';\n`,
  'syntax-in-import/broken.mjs': `)\n`,
  'none/package.json': '{}',
};

/** Mistakes that show later than in making the plan, or elsewhere. */
const elsewhere: Record<string, () => unknown> = {
  'never-loads': () => importConfig(join(fixtures, ENDLESS, 'greenroom.config.ts'), 20),
  'named file not there': () => findConfig(fixtures, 'greenroom.config.ts'),
  'changed while in use': () => functionAt({ resources: {} }, 'resources.api.options.env'),
  'env gives no object': () => env(() => 'DATABASE_URL=…'),
  'env gives nothing': () => env(() => undefined),
  'env gives no text': () => env(() => ({ DB: { url: 'postgres://app:secret@127.0.0.1/app' } })),
  'env needs more': () => env(({ llm }) => ({ KEY: Buffer.from((llm as { key: string }).key).toString('hex') })),
};

function env(fn: EnvFunction): Promise<unknown> {
  return callWithAvailable(fn, { db: {} }, ['db', 'llm']);
}

/** Failures of directories, in plain Node as the command line meets them. */
async function failuresOf(directories: readonly string[]): Promise<[string, Failure | null][]> {
  const { stdout } = await execa(process.execPath, [program, ...directories], {
    env: { PATH: '/usr/bin:/bin' },
    extendEnv: false,
    timeout: 30_000,
  });
  const failures = JSON.parse(stdout) as (Failure | null)[];
  return directories.map((directory, index) => [basename(directory), failures[index] ?? null]);
}

async function failureOf(act: () => unknown): Promise<Failure | null> {
  try {
    await act();
    return null;
  } catch (error) {
    return toFailure(error, 'BAD_MESSAGE');
  }
}

test('every mistake has one message that says what, where and what to do', async () => {
  const temporary = directoryWith(UNPARSABLE);
  const directories = [fixtures, temporary]
    .flatMap((parent) => readdirSync(parent).map((name) => join(parent, name)))
    .filter((directory) => basename(directory) !== ENDLESS);
  const later = Object.entries(elsewhere).map(async ([name, act]) => [name, await failureOf(act)] as const);
  const failures = [...(await failuresOf(directories)), ...(await Promise.all(later))];
  const told = failures.map(([name, failure]) => {
    expect(failure, `${name} is no mistake`).toBeTruthy();
    const { code, message, hint } = failure!;
    expect(CODES[code].exit, `exit code of ${code}`).toBe(code === 'FUNCTION_FAILED' ? 11 : 2);
    const lines = [name, `  ${code}: ${message.replaceAll('\n', '\n    ')}`, `  hint: ${hint}`];
    return lines.join('\n').replaceAll(temporary, '<root>').replaceAll(fixtures, '<root>');
  });
  await expect(`${told.toSorted().join('\n\n')}\n`).toMatchFileSnapshot('messages.txt');
});
