import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

/** One kind of test: what runs in parallel with its like, and how long one of them may take at most. */
function project(name: string, order: number, seconds: number, parallel = true): TestProjectInlineConfiguration {
  return {
    test: {
      name,
      include: [`test/${name}/**/*.test.ts`],
      testTimeout: seconds * 1_000,
      hookTimeout: seconds * 1_000,
      fileParallelism: parallel,
      // What only unit tests can do without, so that they run anywhere.
      globalSetup: name === 'unit' ? [] : ['test/support/set-up-vitest-4.ts'],
      // Kinds run one after the other: a story's real processes would slow the unit tests' down, and the other way round.
      sequence: { groupOrder: order },
    },
  };
}

export default defineConfig({
  test: {
    pool: 'forks',
    // More than CI has cores: a test of real processes waits more than it computes.
    maxWorkers: 4,
    projects: [
      project('unit', 1, 20),
      project('integration', 2, 60),
      project('conformance', 3, 60),
      project('e2e', 4, 120),
      project('stories', 5, 300, false),
    ],
  },
});
