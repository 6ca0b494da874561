import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { execaSync } from 'execa';
import { expect, test } from 'vitest';
import { linkDependencies, REPOSITORY } from '../../support/copy.ts';
import { MAJORS, vitestProject } from '../../support/vitest-project.ts';

/** What an installation from the registry puts there, without a registry: the packed files, and links to what they need. */
function library(modules: string): void {
  const pack = ['pack', '--ignore-scripts', '--json', '--pack-destination', dirname(modules)];
  const [packed] = JSON.parse(execaSync('npm', pack, { cwd: REPOSITORY }).stdout) as [{ filename: string }];
  const installed = join(modules, 'greenroom');
  mkdirSync(installed);
  execaSync('tar', ['-xzf', join(dirname(modules), packed.filename), '--strip-components=1', '-C', installed]);
  linkDependencies(modules);
}

const POOLS = ['forks', 'threads'];

test.each(MAJORS.flatMap((major) => POOLS.map((pool) => [major, pool] as const)))(
  'the packed library works in a project that has nothing else of it: Vitest %i, %s',
  async (major, pool) => {
    await using project = vitestProject({}, { major, library });
    const { files, output } = await project.vitest('run', `--pool=${pool}`);
    expect(
      files.map((file) => file.status),
      output,
    ).toEqual(['passed', 'passed', 'passed']);
  },
);

test.each(MAJORS)('a worker that runs several files of a project holds each of them: Vitest %i', async (major) => {
  await using project = vitestProject({}, { major, library });
  await project.vitest('run', '--no-isolate', '--maxWorkers=1');
  const [events = []] = project.generations();
  expect(events.filter((event) => event.kind === 'waiting' && event.gates.length > 0)).toHaveLength(3);
});
