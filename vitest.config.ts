import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

/**
 * One kind of test: how long one of them may take at most, and how many files run at once: more than CI has cores,
 * because a test of real processes waits more than it computes, but for stories, which start dozens of them.
 */
function project(name: string, order: number, seconds: number, maxWorkers = 4): TestProjectInlineConfiguration {
  return {
    test: {
      name,
      include: [`test/${name}/**/*.test.ts`],
      testTimeout: seconds * 1_000,
      hookTimeout: seconds * 1_000,
      maxWorkers,
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
    projects: [
      project('unit', 1, 20),
      project('integration', 2, 60),
      project('conformance', 3, 60),
      project('e2e', 4, 120),
      project('stories', 5, 300, 2),
    ],
  },
});
