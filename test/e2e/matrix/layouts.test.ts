import { describe, expect, test } from 'vitest';
import { MAJORS } from '../../support/vitest-project.ts';
import { expectAllPassed, expectOneLifeAroundAllWorkers, matrixProject } from './suite.ts';

const LAYOUTS = ['extends-true', 'extends-unset', 'extends-false', 'config-files'];

describe.each(MAJORS)('Vitest %i', (major) => {
  test.each(LAYOUTS)('specs of all projects share one start: %s', async (layout) => {
    await using project = matrixProject(major);
    const run = await project.vitest('run', `--config=layouts/${layout}.config.ts`, '--maxWorkers=2');
    expect(run.output).toMatch(/\|?one\|?[^]*\|?two\|?/);
    expectAllPassed([run], ['a', 'b', 'c', 'd']);
    await expectOneLifeAroundAllWorkers(project);
  });

  test.each(['extends-true', 'config-files'])('one project of several is run alone: %s', async (layout) => {
    await using project = matrixProject(major);
    const run = await project.vitest('run', `--config=layouts/${layout}.config.ts`, '--project=two');
    expectAllPassed([run], ['c', 'd']);
    await expectOneLifeAroundAllWorkers(project);
  });

  test('two shards at the same time share one start', async () => {
    await using project = matrixProject(major, 2);
    const shards = ['1/2', '2/2'].map((shard) => project.vitest('run', `--shard=${shard}`, '--maxWorkers=2'));
    const runs = await Promise.all(shards);
    expectAllPassed(runs, ['a', 'b', 'c', 'd']);
    expect(runs.map(({ files }) => files.length)).toEqual([2, 2]);
    await expectOneLifeAroundAllWorkers(project);
  });
});
