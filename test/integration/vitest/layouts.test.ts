import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { MAJORS, type RunResult, vitestProject } from '../../support/vitest-project.ts';

/** Whether this file's project has infrastructure, asked without any of Greenroom's own parts. */
const OUTSIDE = `
  import { expect, inject, test } from 'vitest';
  test('is told nothing', () => {
    expect(inject('greenroom')).toBeUndefined();
    expect(process.env.GREENROOM_SLOT).toBeUndefined();
  });
`;
const INSIDE = `
  import { expect, test } from 'vitest';
  test('has a slot', () => expect(process.env.GREENROOM_SLOT).toMatch(/^[0-9]+$/));
`;
const SEES_SERVICE = `
  export async function setup() {
    const { ok } = await fetch(process.env.API_URL + '/health');
    if (!ok) throw new Error('no service');
  }
`;

/** A config with two projects: one for the files of the fixture, and one beside it. */
function twoProjects(inside: string, outside: string): string {
  return `
    import greenroom from 'greenroom/vitest';
    import { defineConfig } from 'vitest/config';
    export default defineConfig({
      test: { maxWorkers: 2, projects: [${inside}, ${outside}] },
    });
  `;
}
const OUTSIDE_PROJECT = "{ test: { name: 'outside', include: ['outside/*.test.ts'] } }";

function expectAllPassed({ exitCode, files, output }: RunResult, count: number): void {
  expect(
    files.map(({ status }) => status),
    output,
  ).toEqual(Array.from({ length: count }, () => 'passed'));
  expect(exitCode).toBe(0);
}

describe.each(MAJORS)('Vitest %i', (major) => {
  test.each([
    ['inline', 4, "{ plugins: [greenroom()], test: { name: 'inside', include: ['specs/*.test.ts'] } }"],
    [
      'inline, inheriting',
      4,
      "{ extends: true, plugins: [greenroom()], test: { name: 'inside', include: ['specs/*.test.ts'] } }",
    ],
    ['in its own config file', 2, "'./packages/inside/vitest.config.ts'"],
  ])('a plugin of one project serves that project alone: %s', async (_, count, inside) => {
    const own = `
      import greenroom from 'greenroom/vitest';
      export default { plugins: [greenroom()], test: { name: 'inside', include: ['*.test.ts'] } };
    `;
    const files = {
      'vitest.config.ts': twoProjects(inside, OUTSIDE_PROJECT),
      'packages/inside/vitest.config.ts': own,
      'packages/inside/inside.test.ts': INSIDE,
      'outside/outside.test.ts': OUTSIDE,
    };
    await using project = vitestProject(files, { major });
    expectAllPassed(await project.vitest('run'), count);
    expect(project.generations()).toHaveLength(1);
  });

  test('files of the same name in two packages are told apart', async () => {
    const fails =
      "import { test } from 'vitest';\ntest('fails', () => { throw new Error('as ' + import.meta.dirname); });";
    await using project = vitestProject(
      {
        'vitest.config.ts': twoProjects("'./packages/a'", "'./packages/b'").replace(
          'test:',
          'plugins: [greenroom()], test:',
        ),
        'packages/a/vitest.config.ts': "export default { test: { name: 'a', include: ['same.test.ts'] } };",
        'packages/b/vitest.config.ts': "export default { test: { name: 'b', include: ['same.test.ts'] } };",
        'packages/a/same.test.ts': fails,
        'packages/b/same.test.ts': fails,
      },
      { major },
    );
    const { output } = await project.vitest('run');
    expect(output).toMatch(/^ {2}× packages\/a\/same\.test\.ts:2 {2}fails/m);
    expect(output).toMatch(/^ {2}× packages\/b\/same\.test\.ts:2 {2}fails/m);
  });

  test('a config beside one project is not that of the run, which says so', async () => {
    const own = `
      import greenroom from 'greenroom/vitest';
      export default { plugins: [greenroom()], test: { name: 'a', include: ['*.test.ts'] } };
    `;
    await using project = vitestProject(
      {
        'vitest.config.ts': twoProjects("'./packages/a'", OUTSIDE_PROJECT),
        'packages/a/vitest.config.ts': own,
        'packages/a/inside.test.ts': INSIDE,
        'outside/outside.test.ts': OUTSIDE,
      },
      { major },
    );
    renameSync(join(project.dir, 'greenroom.config.ts'), join(project.dir, 'packages/a/greenroom.config.ts'));
    const { exitCode, output } = await project.vitest('run');
    expect(output).toContain(
      'hint: packages/a/greenroom.config.ts is below it: move it up, or run Vitest in packages/a',
    );
    expect(exitCode, output).toBe(2);
  });

  test('the parts serve without the plugin', async () => {
    const config = `
      import { defineConfig } from 'vitest/config';
      export default defineConfig({
        test: {
          include: ['specs/*.test.ts'],
          globalSetup: ['greenroom/vitest/global-setup', './global-setup.ts'],
          setupFiles: ['greenroom/vitest/setup'],
        },
      });
    `;
    await using project = vitestProject({ 'vitest.config.ts': config }, { major });
    expectAllPassed(await project.vitest('run', '--pool=threads', '--maxWorkers=1'), 3);
    const { exitCode, output } = await project.vitest('list');
    expect(output).toContain('gate.test.ts > was open before the first hook of the file');
    expect(exitCode).toBe(0);
    expect(project.generations()).toHaveLength(1);
  });

  test('parts that are named beside the plugin are there once', async () => {
    const config = `
      import greenroom from 'greenroom/vitest';
      import { defineConfig } from 'vitest/config';
      export default defineConfig({
        plugins: [greenroom()],
        test: {
          include: ['specs/*.test.ts'],
          globalSetup: ['greenroom/vitest/global-setup'],
          setupFiles: ['greenroom/vitest/setup'],
        },
      });
    `;
    await using project = vitestProject({ 'vitest.config.ts': config }, { major });
    expectAllPassed(await project.vitest('run', '--no-isolate', '--maxWorkers=1'), 3);
    const [events = []] = project.generations();
    expect(events.flatMap((event) => (event.kind === 'joined' ? [event.role] : []))).toEqual(['runner', 'worker']);
  });

  test("a project's own global setup finds the service where the plugin reaches the project", async () => {
    const inside =
      "{ extends: true, test: { name: 'inside', include: ['specs/*.test.ts'], globalSetup: './sees.ts' } }";
    const config = twoProjects(inside, OUTSIDE_PROJECT).replace('test: {', 'plugins: [greenroom()], test: {');
    const files = { 'vitest.config.ts': config, 'sees.ts': SEES_SERVICE };
    await using project = vitestProject(files, { major });
    expectAllPassed(await project.vitest('run', '--project=inside'), 3);
  });
});
