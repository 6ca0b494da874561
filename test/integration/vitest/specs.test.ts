import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { MAJORS, NEWEST, vitestProject, type RunResult } from '../../support/vitest-project.ts';

const FIXTURES = `
  import greenroom, { endpoint, test } from 'greenroom/vitest';
  import { expect, inject } from 'vitest';

  const early = endpoint('api').url;
  const withClient = test.extend({ client: async ({ api }, use) => use({ base: api.url }) });
  let fromHook;

  test.beforeAll(({ api }) => {
    fromHook = api.url;
  });
  test('a fixture, a call, inject and the environment give the same', ({ api }) => {
    expect(api.url).toBe(process.env.API_URL);
    expect([early, endpoint('api').url, inject('greenroom').api.url, fromHook]).toEqual(Array(4).fill(api.url));
  });
  withClient('fixtures of the user ask for ours', ({ client, api }) => {
    expect(client.base).toBe(api.url);
  });
`;

const CONFIG = `
  import { command, custom, defineConfig, http } from 'greenroom';

  const api = command({ run: ['node', 'server.mjs', '0'], ready: http('/health') });
  const mailbox = custom({ start: () => ({ address: 'a@b.example' }) });
  export default defineConfig({ resources: { api, mailbox }, env: ({ api }) => ({ API_URL: api.url }), linger: 0 });
`;

const ONLY_API = `
  /** @needs api */
  import { endpoint, test } from 'greenroom/vitest';
  import { expect } from 'vitest';

  test('has what it needs', ({ api }) => expect(api.port).toBeGreaterThan(0));
  test('has not what it did not ask for', ({ mailbox }) => expect(mailbox).toBeDefined());
  test('has not what is not there', () => endpoint('cache'));
`;

const outcomes = ({ files }: RunResult): readonly (readonly [string, string])[] =>
  files.flatMap((file) => file.assertionResults.map(({ title, status }) => [title, status] as const));
const messagesOf = ({ files }: RunResult, title: string): string =>
  files
    .flatMap((file) => file.assertionResults.filter((spec) => spec.title === title))[0]
    ?.failureMessages.join('\n') ?? '';

describe.each(MAJORS)('with Vitest %i', (major) => {
  test.each([['forks'], ['vmThreads']])('specs have endpoints as fixtures and by a call: %s', async (pool) => {
    await using project = vitestProject(
      { 'specs/fixtures.test.ts': FIXTURES, 'specs/again.test.ts': FIXTURES },
      { major },
    );
    const args = ['specs/fixtures', 'specs/again', `--pool=${pool}`, '--no-isolate', '--maxWorkers=1'];
    const result = await project.vitest('run', ...args);
    expect(
      result.files.map((file) => file.status),
      result.output,
    ).toEqual(['passed', 'passed']);
    expect(outcomes(result)).toHaveLength(4);
  });
});

describe.each(NEWEST)('on Vitest %i', (major) => {
  test('a spec that asks for what its file does not need is told what to write', async () => {
    await using project = vitestProject({ 'greenroom.config.ts': CONFIG, 'specs/only.test.ts': ONLY_API }, { major });
    const result = await project.vitest('run', 'specs/only');
    expect(outcomes(result)).toEqual([
      ['has what it needs', 'passed'],
      ['has not what it did not ask for', 'failed'],
      ['has not what is not there', 'failed'],
    ]);
    expect(messagesOf(result, 'has not what it did not ask for')).toMatch(
      /this file does not need mailbox \[UNKNOWN_RESOURCE\]\nhint: add mailbox to `@needs`/,
    );
    expect(messagesOf(result, 'has not what is not there')).toContain('there is no resource cache');
  });

  test.each([[[]], [['--static-parse=false']]])(
    'specs with fixtures are listed, and nothing starts: %s',
    async (args) => {
      const spec = FIXTURES.replace("const early = endpoint('api').url;", 'const early = 0;');
      await using project = vitestProject({ 'specs/listed.test.ts': spec }, { major });
      const { output, exitCode } = await project.vitest('list', ...args);
      expect(output).toContain('specs/listed.test.ts > ');
      expect(output).not.toContain('rror');
      expect(exitCode, output).toBe(0);
      expect(project.generations()).toEqual([]);
    },
  );

  test('a name that is not there is told where it was asked for', async () => {
    const spec = `
      import { endpoint, test } from 'greenroom/vitest';
      test('asks', () => { endpoint('nobody'); });
    `;
    await using project = vitestProject({ 'greenroom.config.ts': CONFIG, 'specs/asks.test.ts': spec }, { major });
    const { output } = await project.vitest('run', 'specs/asks');
    expect(output).toContain('there is no resource nobody [UNKNOWN_RESOURCE]');
    expect(output).toMatch(/❯ specs\/asks\.test\.ts:3/);
    expect(output).not.toContain('node_modules/greenroom');
  });

  test('a file whose modules miss what did not start says so', async () => {
    const broken = CONFIG.replace("'server.mjs', '0'", "'-e', 'process.exit(3)'");
    await using project = vitestProject({ 'greenroom.config.ts': broken, 'specs/early.test.ts': FIXTURES }, { major });
    const { files, exitCode } = await project.vitest('run', 'specs/early');
    expect(files.map((file) => file.message)).toEqual([
      expect.stringMatching(/blocked by infrastructure: api exited with code 3 .* \[RESOURCE_EXITED\]/),
    ]);
    expect(exitCode).toBe(11);
  });

  test('fixtures asked for in a config that cannot be read keep no spec from being listed', async () => {
    const spec = FIXTURES.replace("const early = endpoint('api').url;", 'const early = 0;');
    await using project = vitestProject(
      { 'greenroom.config.ts': 'export default 1;', 'specs/listed.test.ts': spec },
      { major },
    );
    const result = await project.vitest('run', 'specs/listed');
    expect(outcomes(result).map(([, status]) => status)).toEqual(['skipped', 'skipped']);
    expect(result.files[0]?.message).toContain('blocked by infrastructure');
  });
});

test('without the plugin, workers join what `greenroom run` has started', async () => {
  const vitestConfig = `
    import { defineConfig } from 'vitest/config';
    export default defineConfig({ test: { include: ['specs/*.test.ts'], setupFiles: ['greenroom/vitest/setup'] } });
  `;
  const spec = FIXTURES.replace("inject('greenroom').api.url, ", '').replace('Array(4)', 'Array(3)');
  await using project = vitestProject({ 'vitest.config.ts': vitestConfig, 'specs/alone.test.ts': spec });
  const cli = join(project.dir, 'node_modules/greenroom/dist/src/cli/main.js');
  const vitest = [join(project.dir, 'node_modules/vitest/vitest.mjs'), 'run', 'specs/alone', 'specs/member'];
  const { PATH = '', HOME = '' } = process.env;
  const { exitCode, all } = await execa(process.execPath, [cli, 'run', '--', process.execPath, ...vitest], {
    cwd: project.dir,
    extendEnv: false,
    env: { PATH, HOME, GREENROOM_RUNTIME_DIR: project.runtimeDir, NO_COLOR: '1' },
    all: true,
    reject: false,
    timeout: 50_000,
  });
  expect(exitCode, all).toBe(0);
  const [events = []] = project.generations();
  expect(events.flatMap((event) => (event.kind === 'joined' ? [event.role] : []))).toEqual([
    'runner',
    'worker',
    'worker',
  ]);
});

test('a spec without any infrastructure is told how to get it', async () => {
  const vitestConfig = `
    import { defineConfig } from 'vitest/config';
    export default defineConfig({ test: { include: ['specs/*.test.ts'] } });
  `;
  const spec = "import { test } from 'greenroom/vitest';\ntest('asks', ({ api }) => api);";
  await using project = vitestProject({ 'vitest.config.ts': vitestConfig, 'specs/alone.test.ts': spec });
  const { files } = await project.vitest('run', 'specs/alone');
  expect(files[0]?.message).toMatch(/\[NOT_JOINED\]\nhint: add `plugins/);
});
