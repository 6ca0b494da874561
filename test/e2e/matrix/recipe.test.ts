import { describe, expect, test } from 'vitest';
import { MAJORS } from '../../support/vitest-project.ts';
import { databasesLeft, expectOneLifeAroundAllWorkers, matrixProject } from './suite.ts';

const ARGS = ['run', '--maxWorkers=2', '--config'];
/** One for each file. A database is dropped when the next worker is up, however slow the machine is. */
const WORKERS = '6';

describe.each(MAJORS)('Vitest %i: a database for each worker, named after its number', (major) => {
  test('the number of the pool is given to two live workers: specs fail', async () => {
    await using project = matrixProject(major);
    const numbered = project.with({ NUMBERED_BY: 'VITEST_POOL_ID', WORKERS });
    const { files, output } = await numbered.vitest(...ARGS, 'recipe.config.ts');
    const failed = files.filter((file) => file.status === 'failed');
    expect(files).toHaveLength(6);
    expect(failed.length, output).toBeGreaterThanOrEqual(1);
    expect(output).toContain('EEXIST');
  });

  test('the slot is not: all specs pass, and no database stays', async () => {
    await using project = matrixProject(major, 0);
    const numbered = project.with({ NUMBERED_BY: 'GREENROOM_SLOT', WORKERS });
    const { exitCode, files, output } = await numbered.vitest(...ARGS, 'recipe-on-greenroom.config.ts');
    expect(
      files.map((file) => file.status),
      output,
    ).toEqual(Array.from({ length: 6 }, () => 'passed'));
    expect(exitCode).toBe(0);
    expect(databasesLeft(project)).toEqual([]);
    await expectOneLifeAroundAllWorkers(project);
  });
});
