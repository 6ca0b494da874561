import { chmodSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cliProject } from '../../support/cli-project.ts';

/** Runs a command on the config, with the cache of the user in `cache` and nothing of the tests' own. */
async function runOn(project: ReturnType<typeof cliProject>, cache: string, more = {}): Promise<void> {
  const env = { XDG_CACHE_HOME: cache, NODE_COMPILE_CACHE: '', ...more };
  const { code, stderr } = await project.startWith(env, 'run', '--', 'true').result;
  expect(code, stderr).toBe(0);
}

const filesIn = (dir: string): readonly string[] =>
  readdirSync(dir, { recursive: true, withFileTypes: true }).flatMap((entry) => (entry.isFile() ? [entry.name] : []));

test('what Node makes of a config is kept in the user’s cache, unless others could change it or it shall not be', async () => {
  await using project = cliProject();
  const [kept, open, none] = ['kept', 'open', 'none'].map((name) => join(project.dir, name)) as [
    string,
    string,
    string,
  ];
  await runOn(project, kept);
  const compiled = join(kept, 'greenroom', 'compiled');
  expect(statSync(compiled).mode & 0o777).toBe(0o700);
  expect(filesIn(compiled).length).toBeGreaterThan(0);

  const shared = join(open, 'greenroom', 'compiled');
  mkdirSync(shared, { recursive: true });
  chmodSync(shared, 0o777);
  await runOn(project, open);
  expect(filesIn(shared)).toEqual([]);

  mkdirSync(none);
  await runOn(project, none, { NODE_DISABLE_COMPILE_CACHE: '1' });
  expect(filesIn(none)).toEqual([]);
  await project.nothingLeft();
});
