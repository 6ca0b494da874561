import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { eventually } from '../../support/project.ts';
import { MAJORS, NEWEST, type VitestProject, vitestProject } from '../../support/vitest-project.ts';

const config = (resource: string, suite = ''): string => `
  import { command, defineConfig, http } from 'greenroom';
  const api = command(${resource});
  export default defineConfig({ resources: { api }, ${suite} linger: 0 });
`;
const SERVES = "{ run: ['node', 'server.mjs', '0'], ready: http('/health') }";
const NEVER_READY = "{ run: ['node', 'server.mjs', '0'], ready: http('/health', () => false), startTimeout: 60_000 }";

const VITEST_CONFIG = `
  import greenroom from 'greenroom/vitest';
  export default {
    plugins: [greenroom()],
    test: { include: ['signals/*.test.ts'], testTimeout: 60_000, globalSetup: './own-setup.ts', maxWorkers: 1 },
  };
`;
const OWN_SETUP = 'export function setup() {}';
const HANGS_IN_SETUP =
  "export async function setup() { console.log('SETTING UP'); await new Promise(() => setInterval(() => {}, 1e6)); }";

const WAITS =
  "import { test } from 'vitest';\ntest('waits', async () => { console.log('WAITING'); await new Promise(() => {}); });\n";
/** Neither hears of a cancelled run nor ends by itself; the line is out before the loop begins. */
const LOOPS =
  "import { writeSync } from 'node:fs';\nimport { test } from 'vitest';\n" +
  "test('loops', () => { writeSync(2, 'LOOPING\\\\n'); for (;;) {} });\n";
const FAILS = "import { expect, test } from 'vitest';\ntest('fails', () => expect(1).toBe(2));\n";

const SUITE = "suite: { module: './suite.ts' },";
/** What runs last says so in a file, and does not end before there is another one. */
const suiteModule = (wait: boolean): string => `
  import { existsSync, writeFileSync } from 'node:fs';
  import { setTimeout as pause } from 'node:timers/promises';
  import { synchronizedAfterSuite } from 'greenroom/suite';
  synchronizedAfterSuite(() => undefined, async () => {
    writeFileSync('after-once', '');
    while (${String(wait)} && !existsSync('go')) await pause(20);
  });
`;

function projectOf(
  spec: string,
  greenroomConfig: string,
  major: 4 | 5,
  more: Record<string, string> = {},
): VitestProject {
  const files = {
    'greenroom.config.ts': greenroomConfig,
    'vitest.config.ts': VITEST_CONFIG,
    'own-setup.ts': OWN_SETUP,
    'signals/spec.test.ts': spec,
  };
  return vitestProject({ ...files, ...more }, { major });
}

describe.each(MAJORS)('Vitest %i', (major) => {
  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s: the run is cancelled, the suite finished, the summary printed', async (signal, code) => {
    await using project = projectOf(WAITS, config(SERVES, SUITE), major, { 'suite.ts': suiteModule(false) });
    const run = project.start('run');
    await run.until('WAITING');
    run.kill(signal);
    const { exitCode, output } = await run.ended;
    expect(exitCode, output).toBe(code);
    expect(output).toContain('collected 1 = ');
    expect(existsSync(join(project.dir, 'after-once'))).toBe(true);
    await project.nothingLeft();
  });

  test('a second signal ends a run whose worker does not', async () => {
    await using project = projectOf(LOOPS, config(SERVES), major);
    const run = project.start('run');
    await run.until('LOOPING');
    run.kill('SIGINT');
    await run.until('the run is cancelled');
    run.kill('SIGTERM');
    const { exitCode, output } = await run.ended;
    expect(exitCode, output).toBe(130);
    expect(output).toContain('collected 1 = ');
    await project.nothingLeft();
  });
});

describe.each(NEWEST)('on Vitest %i', (major) => {
  test('a third signal ends the process at once', async () => {
    await using project = projectOf(WAITS, config(SERVES), major, { 'own-setup.ts': HANGS_IN_SETUP });
    const run = project.start('run');
    await run.until('SETTING UP');
    run.kill('SIGTERM');
    await run.until('the run is cancelled');
    run.kill('SIGINT');
    await run.until('nothing is waited for; once more');
    run.kill('SIGTERM');
    const { exitCode, output } = await run.ended;
    expect(exitCode, output).toBe(143);
    await project.nothingLeft();
  });

  test('a run that is still waiting for its infrastructure ends with the first signal', async () => {
    await using project = projectOf(WAITS, config(NEVER_READY), major);
    const run = project.start('run');
    await run.until(/api +starting/);
    run.kill('SIGINT');
    const { exitCode, output } = await run.ended;
    expect(exitCode, output).toBe(130);
    expect(output).toContain('1 never ran');
    expect(output).not.toContain('WAITING');
    await project.nothingLeft();
  });

  test('the main process is killed: nothing is left', async () => {
    await using project = projectOf(WAITS, config(SERVES), major);
    const run = project.start('run');
    await run.until('WAITING');
    run.kill('SIGKILL');
    expect((await run.ended).signal).toBe('SIGKILL');
    await project.nothingLeft();
  });
});

test('a signal that comes while a failed run finishes is what the process ends with', async () => {
  await using project = projectOf(FAILS, config(SERVES, SUITE), 5, { 'suite.ts': suiteModule(true) });
  const run = project.start('run', '--bail=1');
  await eventually(() => existsSync(join(project.dir, 'after-once')) || undefined, 'the final body of the suite');
  run.kill('SIGINT');
  await run.until('the run is cancelled');
  project.write('go', '');
  const { exitCode, output } = await run.ended;
  expect(exitCode, output).toBe(130);
});

test("a run whose suite's first body still runs ends with the first signal", async () => {
  const hangs = `
    import { synchronizedBeforeSuite } from 'greenroom/suite';
    synchronizedBeforeSuite(() => new Promise(() => {}));
  `;
  const suite = "suite: { module: './suite.ts', stopTimeout: 500 },";
  await using project = projectOf(WAITS, config(SERVES, suite), 5, { 'suite.ts': hangs });
  const run = project.start('run');
  await run.until(/suite +starting/);
  run.kill('SIGTERM');
  const { exitCode, output, signal } = await run.ended;
  expect(exitCode, `${signal} ${output}`).toBe(143);
});

test('Ctrl-C on a terminal, which signals the workers too, leaves nothing', async () => {
  await using project = projectOf(WAITS, config(SERVES), 5);
  const run = project.start('run');
  await run.until('WAITING');
  run.killGroup('SIGINT');
  expect((await run.ended).exitCode).toBe(130);
});
