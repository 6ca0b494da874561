import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execaSync } from 'execa';
import { expect, test } from 'vitest';
import { vitestProject } from '../../support/vitest-project.ts';

const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url));

/** What an installation from the registry puts there, without a registry: the packed files, and links to what they need. */
function installPacked(modules: string): void {
  const pack = ['pack', '--ignore-scripts', '--json', '--pack-destination', dirname(modules)];
  const [packed] = JSON.parse(execaSync('npm', pack, { cwd: REPOSITORY }).stdout) as [{ filename: string }];
  const library = join(modules, 'greenroom');
  mkdirSync(library);
  execaSync('tar', ['-xzf', join(dirname(modules), packed.filename), '--strip-components=1', '-C', library]);
  const { dependencies } = JSON.parse(readFileSync(join(library, 'package.json'), 'utf8')) as { dependencies: object };
  for (const name of Object.keys(dependencies))
    symlinkSync(join(REPOSITORY, 'node_modules', name), join(modules, name));
}

test.each([['forks'], ['threads']])(
  'the packed library works in a project that has nothing else of it: %s',
  async (pool) => {
    await using project = vitestProject({}, installPacked);
    const { files, output } = await project.vitest('run', `--pool=${pool}`);
    expect(
      files.map((file) => file.status),
      output,
    ).toEqual(['passed', 'passed', 'passed']);
  },
);

test('a worker that runs several files of a project holds each of them', async () => {
  await using project = vitestProject({}, installPacked);
  await project.vitest('run', '--no-isolate', '--maxWorkers=1');
  const [events = []] = project.generations();
  expect(events.filter((event) => event.kind === 'waiting' && event.gates.length > 0)).toHaveLength(3);
});
