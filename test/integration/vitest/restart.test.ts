import { describe, expect, test } from 'vitest';
import { NEWEST, type RunResult, type VitestProject, vitestProject } from '../../support/vitest-project.ts';

const CONFIG = `
  import { command, defineConfig, http } from 'greenroom';
  const api = command({ run: ['node', 'server.mjs', '0'], ready: http('/health') });
  export default defineConfig({ resources: { api }, linger: 0 });
`;

/** Ends when its service is gone, which it makes sure of. */
const KILLS = `
  import { readdirSync, readFileSync } from 'node:fs';
  import { dirname, join } from 'node:path';
  import { expect, inject, test } from 'vitest';
  test('goes on until its service is gone', async () => {
    const dir = dirname(process.env.GREENROOM_FILE);
    const newest = readdirSync(dir).filter((name) => name.startsWith('gen-')).toSorted().at(-1);
    const { GREENROOM_API_URL: url } = process.env;
    process.kill(JSON.parse(readFileSync(join(dir, newest), 'utf8')).pid, 'SIGKILL');
    await expect.poll(() => fetch(url).catch(() => 'gone'), { timeout: 20_000 }).toBe('gone');
  });
`;
const USES = `
  import { expect, test } from 'vitest';
  test('is served', async () => {
    expect((await fetch(process.env.GREENROOM_API_URL + '/health')).ok).toBe(true);
  });
`;

/** One worker, files in the order of their names. */
function inOrder(files: Readonly<Record<string, string>>, major: 4 | 5): VitestProject {
  const config = `
    import greenroom from 'greenroom/vitest';
    import { BaseSequencer } from 'vitest/node';
    class ByName extends BaseSequencer {
      async sort(specs) {
        return specs.toSorted((a, b) => a.moduleId.localeCompare(b.moduleId));
      }
    }
    export default {
      plugins: [greenroom()],
      test: { include: ['ordered/*.test.ts'], maxWorkers: 1, sequence: { sequencer: ByName } },
    };
  `;
  const specs = Object.fromEntries(Object.entries(files).map(([name, text]) => [`ordered/${name}.test.ts`, text]));
  return vitestProject({ 'greenroom.config.ts': CONFIG, 'vitest.config.ts': config, ...specs }, { major });
}

function statuses({ files }: RunResult): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(files.map(({ name, status }) => [/(\w+)\.test\.ts$/.exec(name)?.[1] ?? name, status]));
}

describe.each(NEWEST)('Vitest %i', (major) => {
  test.each([['--isolate'], ['--no-isolate']])(
    'after the loss of its coordinator, the next files of a run have the next generation: %s',
    async (isolation) => {
      await using project = inOrder({ a: USES, b: KILLS, c: USES, d: USES }, major);
      const run = await project.vitest('run', isolation);
      expect(statuses(run), run.output).toEqual({ a: 'passed', b: 'failed', c: 'passed', d: 'passed' });
      expect(run.exitCode).toBe(13);
      const { message } = run.files.find(({ status }) => status === 'failed') ?? {};
      expect(message).toMatch(/the coordinator .* is gone/);
      expect(project.generations()).toHaveLength(2);
    },
  );

  test('a run that ends before the next generation is there says nothing of it', async () => {
    await using project = inOrder({ a: KILLS }, major);
    const run = await project.vitest('run');
    expect(run.output.match(/^error: the coordinator/gm), run.output).toHaveLength(1);
    expect(run.output).not.toContain('the rest of the run is cancelled');
    expect(run.exitCode).toBe(13);
  });

  test('after the second loss the rest of the run never runs', async () => {
    await using project = inOrder({ a: KILLS, b: KILLS, c: USES, d: USES }, major);
    const run = await project.vitest('run');
    expect(run.exitCode, run.output).toBe(13);
    expect(run.output).toMatch(/collected 4 = .* \+ 2 never ran/);
    expect(project.generations()).toHaveLength(2);
    // What a killed coordinator could not remove itself, the next one does.
    expect((await project.vitest('run', 'c.test')).exitCode).toBe(0);
  });
});

test('what was stopped on purpose is not started again', async () => {
  const stops = KILLS.replace("'SIGKILL'", "'SIGTERM'");
  await using project = inOrder({ a: stops, b: USES, c: USES }, 5);
  const run = await project.vitest('run');
  expect(run.exitCode, run.output).toBe(13);
  expect(run.output).toContain('STOPPED');
  expect(run.output).toContain('+ 2 never ran');
  expect(project.generations()).toHaveLength(1);
});
