import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { eventually } from '../../support/project.ts';
import { NEWEST, vitestProject, type VitestProject } from '../../support/vitest-project.ts';

const config = (options: string): string => `
import { defineConfig, dir } from 'greenroom';
const uploads = dir(${options});
const other = dir();
export default defineConfig({ resources: { other, uploads }, env: ({ uploads }) => ({ UPLOADS: uploads.path }), linger: 0 });
`;

/** The longer file is the first to run where nothing is known of either, so that it is alone in the first run. */
const SPECS = {
  'specs/endpoints.test.ts': `/** @needs uploads */
    import { readdirSync } from 'node:fs';
    import { expect, test } from 'vitest';
    test('finds nothing that others have left in the directory', () => expect(readdirSync(process.env.UPLOADS)).toEqual([]));
    test('asks for nothing', () => undefined);
    ${'// longer\n'.repeat(100)}`,
  'specs/gate.test.ts': `/** @needs uploads */
    import { writeFileSync } from 'node:fs';
    import { test } from 'vitest';
    test('leaves a file', () => writeFileSync(process.env.UPLOADS + '/left', ''));`,
  'specs/member.test.ts': `/** @needs other */
    import { test } from 'vitest';
    test('fails each time', () => { throw new Error('as always'); });`,
};

interface Audit {
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts it with a temporary directory of its own, and resolves with how it ended. */
function start({ dir, runtimeDir }: VitestProject, command: readonly string[]): { pid: number; ended: Promise<Audit> } {
  const { PATH = '', HOME = '' } = process.env;
  const TMPDIR = join(dir, 'temp');
  mkdirSync(TMPDIR, { recursive: true });
  const binary = join(dir, 'node_modules/greenroom/dist/src/cli/main.js');
  const run = execa(process.execPath, [binary, 'audit', '--', ...command], {
    cwd: dir,
    env: { PATH, HOME, TMPDIR, GREENROOM_RUNTIME_DIR: runtimeDir, NO_COLOR: '1' },
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
    timeout: 100_000,
  });
  return { pid: run.pid ?? -1, ended: run.then(({ exitCode: code, stdout, stderr }) => ({ code, stdout, stderr })) };
}

const audit = (project: VitestProject, ...command: readonly string[]): Promise<Audit> => start(project, command).ended;

/** No process, and no temporary directory of anybody. */
async function expectNothingLeft(project: VitestProject): Promise<void> {
  await project.nothingLeft();
  // Vitest keeps its own there, and Node what it has compiled.
  expect(readdirSync(join(project.dir, 'temp')).filter((name) => name.startsWith('greenroom'))).toEqual([]);
}

const VITEST = ['node', 'node_modules/vitest/vitest.mjs', 'run'];

describe.each(NEWEST)('on Vitest %i', (major) => {
  test('a spec that only passes alone is listed, with the resource that it is about', async () => {
    await using project = vitestProject({ ...SPECS, 'greenroom.config.ts': config('') }, { major });
    const { code, stdout, stderr } = await audit(project, ...VITEST);
    expect(code, stdout + stderr).toBe(1);
    const [, result = ''] = stdout.split('1 of 4 specs with results that depend on the run:');
    const [, seed = ''] = /shuffled, seed (\d+)/.exec(stderr) ?? [];
    expect(result.trim().split('\n')).toEqual([
      'specs/endpoints.test.ts > finds nothing that others have left in the directory',
      `    1 worker${' '.repeat(`shuffled, seed ${seed}`.length - 8)}  passed`,
      `    all workers${' '.repeat(`shuffled, seed ${seed}`.length - 11)}  failed`,
      `    shuffled, seed ${seed}  failed`,
      '',
      'their files have in common: uploads (shared by all)',
    ]);
    await expectNothingLeft(project);
    expect(project.generations(), 'one start for all runs').toHaveLength(1);
  });

  test('with a slice for each file, the results are the same', async () => {
    await using project = vitestProject({ ...SPECS, 'greenroom.config.ts': config(`{ slice: 'file' }`) }, { major });
    const { code, stdout, stderr } = await audit(project, ...VITEST);
    expect(code, stdout + stderr).toBe(0);
    expect(stdout).toContain('4 specs, the same results in 3 runs; 1 failed in each');
    await expectNothingLeft(project);
  });
});

test('what is no run of Vitest is refused before anything starts', async () => {
  await using project = vitestProject({ 'greenroom.config.ts': config('') });
  for (const [command, message] of [
    [['npm', 'test'], '`greenroom audit` takes a command of Vitest'],
    [['vitest', 'list'], 'runs no specs to its end'],
    [[], 'needs a COMMAND'],
  ] as const) {
    const { code, stderr } = await audit(project, ...command);
    expect(code, stderr).toBe(2);
    expect(stderr).toContain(message);
  }
  expect(project.generations()).toEqual([]);
});

test('runs without specs, and infrastructure that fails, come to no result', async () => {
  await using project = vitestProject({ ...SPECS, 'greenroom.config.ts': config('') });
  const none = await audit(project, ...VITEST, 'no-such-file', '--passWithNoTests');
  expect(none.code, none.stderr).toBe(2);
  expect(none.stderr).toContain('the run with 1 worker has run no spec');
  project.write('greenroom.config.ts', config(`{ tmpfs: 'require', space: 2 ** 50 }`));
  const broken = await audit(project, ...VITEST);
  expect(broken.code, broken.stderr).toBe(11);
  expect(broken.stderr).toContain('there is no place for the files of uploads');
  await expectNothingLeft(project);
});

test('a signal ends it with the run that is under way', async () => {
  await using project = vitestProject({
    'greenroom.config.ts': config(''),
    'specs/endpoints.test.ts': `
      import { writeFileSync } from 'node:fs';
      import { test } from 'vitest';
      test('goes on for long', async () => {
        writeFileSync('begun', '');
        await new Promise((end) => setTimeout(end, 60_000));
      }, 90_000);`,
  });
  const { pid, ended } = start(project, [...VITEST, 'specs/endpoints.test.ts']);
  await eventually(() => (existsSync(join(project.dir, 'begun')) ? true : undefined), 'the spec to begin');
  process.kill(pid, 'SIGINT');
  const { code, stderr } = await ended;
  expect(code, stderr).toBe(130);
  expect(stderr).not.toContain('run 2 of 3');
  await expectNothingLeft(project);
});
