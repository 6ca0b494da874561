import { describe, expect, test } from 'vitest';
import { NEWEST, vitestProject, type VitestProject } from '../../support/vitest-project.ts';

const CONFIG = `
  import { command, defineConfig, http } from 'greenroom';
  const api = command({ run: ['node', 'server.mjs', '0'], ready: http('/health') });
  export default defineConfig({ resources: { api }, suite: { module: './suite.ts', stopTimeout: 3_000 }, linger: 0 });
`;
/** Less time for closing than the final body takes. */
const VITEST_CONFIG = `
  import greenroom from 'greenroom/vitest';
  export default { plugins: [greenroom()], test: { include: ['one/*.test.ts'], teardownTimeout: 400 } };
`;
const PASSES = "import { test } from 'vitest';\ntest('passes', () => undefined);\n";

const projectOf = (major: 4 | 5, suite: string): VitestProject =>
  vitestProject(
    { 'greenroom.config.ts': CONFIG, 'vitest.config.ts': VITEST_CONFIG, 'one/a.test.ts': PASSES, 'suite.ts': suite },
    { major },
  );

describe.each(NEWEST)('Vitest %i', (major) => {
  test("the suite's final body is waited for beyond Vitest's own time for closing, and so are its clean-ups", async () => {
    await using project = projectOf(
      major,
      `
        import { setTimeout as pause } from 'node:timers/promises';
        import { synchronizedAfterSuite, synchronizedBeforeSuite } from 'greenroom/suite';
        synchronizedBeforeSuite((endpoints, { onCleanup }) => onCleanup(async () => {
          await pause(1_000);
          throw new Error('the last clean-up');
        }));
        synchronizedAfterSuite(() => undefined, () => pause(1_500));
      `,
    );
    const { exitCode, output } = await project.vitest('run');
    expect(output).toContain('the last clean-up');
    expect(output).not.toContain('close timed out');
    expect(exitCode, output).toBe(10);
  });
});

test('a coordinator that is stopped while the infrastructure starts does not keep a run for ever', async () => {
  const never = `
    import { command, defineConfig, http } from 'greenroom';
    const api = command({ run: ['node', 'server.mjs', '0'], ready: http('/health', () => false), startTimeout: 1_000 });
    export default defineConfig({ resources: { api }, linger: 0 });
  `;
  await using project = vitestProject({
    'greenroom.config.ts': never,
    'vitest.config.ts': VITEST_CONFIG,
    'one/a.test.ts': PASSES,
  });
  const run = project.start('run');
  await run.until(/api +starting/);
  const pid = Number(/coordinator pid (\d+)/.exec(run.output())?.[1]);
  process.kill(pid, 'SIGSTOP');
  try {
    const { exitCode, output } = await run.ended;
    expect(output).toContain('COORDINATOR_UNRESPONSIVE');
    expect(output).toMatch(/collected 1 = .* 1 never ran/);
    expect(exitCode, output).toBeGreaterThanOrEqual(10);
  } finally {
    process.kill(pid, 'SIGCONT');
  }
});
