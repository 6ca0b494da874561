import { describe, expect, test } from 'vitest';
import { MAJORS } from '../../support/vitest-project.ts';
import { expectAllPassed, expectOneLifeAroundAllWorkers, matrixProject } from './suite.ts';

const POOLS = ['forks', 'threads', 'vmForks', 'vmThreads'] as const;
const ISOLATION = ['--isolate', '--no-isolate'];

describe.each(MAJORS)('Vitest %i, no projects', (major) => {
  test.each(POOLS.flatMap((pool) => ISOLATION.map((isolation) => [pool, isolation] as const)))(
    'one start, unique slots, gate and endpoints, teardown after the last worker: %s %s',
    async (pool, isolation) => {
      await using project = matrixProject(major);
      const run = await project.vitest('run', `--pool=${pool}`, isolation, '--maxWorkers=2');
      expect(run.output).toContain(`v${major}.`);
      expectAllPassed([run], ['a', 'b', 'c', 'd']);
      await expectOneLifeAroundAllWorkers(project);
    },
  );

  test.each(POOLS)('the same with workers of our own pool, which wait at the gate themselves: %s', async (POOL) => {
    await using project = matrixProject(major, 0);
    const config = '--config=layouts/greenroom-pool.config.ts';
    const run = await project.with({ POOL }).vitest('run', config, '--maxWorkers=2');
    expectAllPassed([run], ['a', 'b', 'c', 'd']);
    await expectOneLifeAroundAllWorkers(project);
  });
});
