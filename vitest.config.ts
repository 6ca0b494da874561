import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

/**
 * One kind of test: how long one of them may take at most, and how many files run at once: more than CI has cores,
 * because a test of real processes waits more than it computes, but for stories, which start dozens of them.
 */
function project(name: string, order: number, seconds: number, maxWorkers = 3): TestProjectInlineConfiguration {
  return {
    test: {
      name,
      include: [`test/${name}/**/*.test.ts`],
      testTimeout: seconds * 1_000,
      hookTimeout: seconds * 1_000,
      maxWorkers,
      // What only unit tests can do without, so that they run anywhere.
      globalSetup:
        name === 'unit' ? [] : ['vitest-4', 'engine', 'member'].map((what) => `test/support/set-up-${what}.ts`),
      // A story's real processes would slow the unit tests' down, and the other way round. The kinds between them are
      // alike, and run together, so that none waits for the last file of another.
      sequence: { groupOrder: order },
      // What these load of ours in their own process must not go into the cache of who runs them.
      ...(name === 'unit' ? { env: { NODE_DISABLE_COMPILE_CACHE: '1' } } : {}),
    },
  };
}

export default defineConfig({
  test: {
    pool: 'forks',
    projects: [
      project('unit', 1, 20),
      project('integration', 2, 90),
      project('conformance', 2, 90),
      project('e2e', 2, 120),
      project('stories', 3, 300, 2),
    ],
  },
});
