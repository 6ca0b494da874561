import { describe, expect, test } from 'vitest';
import { MAJORS, type VitestProject, vitestProject } from '../../support/vitest-project.ts';
import type { Started } from '../../support/vitest-run.ts';

const config = (run: string): string => `
  import { command, defineConfig, http } from 'greenroom';
  import { delay } from './delay.ts';
  const service = (run) => command({ run, ready: http('/health') });
  const api = service(${run});
  const other = service(['node', 'server.mjs', delay]);
  export default defineConfig({ resources: { api, other }, env: ({ api }) => ({ API_URL: api?.url }), linger: 0 });
`;
const SERVES = "['node', 'server.mjs', '0']";
const VITEST_CONFIG = `
  import greenroom from 'greenroom/vitest';
  export default { plugins: [greenroom()], test: { include: ['watched/*.test.ts'], maxWorkers: 2 } };
`;

/** Says which generation served it, and that the service answers. */
const spec = (docblock: string, comment = ''): string => `${docblock}
  ${comment}
  import { expect, test } from 'vitest';
  test('is served', async () => {
    const { API_URL, GREENROOM_FILE: file } = process.env;
    expect((await fetch(API_URL + '/health')).ok).toBe(true);
    console.log('served by ' + /gen-[0-9]+/.exec(file)[0] + ' of ' + /([0-9a-f]+).gen-/.exec(file)[1]);
  });
`;
const NEEDS_API = '// @needs api';

function watched(major: 4 | 5, run = SERVES, docblock = NEEDS_API): VitestProject {
  const files = {
    'greenroom.config.ts': config(run),
    'delay.ts': "export const delay = '0';",
    'vitest.config.ts': VITEST_CONFIG,
    'watched/one.test.ts': spec(docblock),
  };
  return vitestProject(files, { major });
}

/** Resolves with the output of the next run, which ends when Vitest waits again. */
function runs(run: Started): () => Promise<string> {
  let seen = 0;
  let count = 0;
  return async () => {
    count += 1;
    await run.until(new RegExp(`(?:for file changes[^]*){${count}}`));
    const output = run.output().slice(seen);
    seen = run.output().length;
    return output;
  };
}

/** Names of what was started in each generation. */
function started(project: VitestProject): readonly (readonly string[])[] {
  return project
    .generations()
    .map((events) => events.flatMap((event) => (event.kind === 'ready' ? [event.resource] : [])));
}

/** As a terminal's hang-up or `q` would: Vitest itself handles it. */
async function ends(run: Started): Promise<void> {
  run.kill('SIGINT');
  await run.ended;
}

describe.each(MAJORS)('Vitest %i', (major) => {
  test('infrastructure is kept between reruns, and what a rerun needs besides is started', async () => {
    await using project = watched(major);
    const run = project.start('--watch');
    const next = runs(run);
    expect(await next()).toContain('1 passed');
    project.write('watched/one.test.ts', spec(NEEDS_API, '// edited'));
    expect(await next()).toContain('1 passed');
    expect(started(project)).toEqual([['api']]);
    project.write('watched/two.test.ts', spec('// @needs other api'));
    expect(await next()).toContain('1 passed');
    expect(started(project)).toEqual([['api', 'other']]);
    await ends(run);
  });

  test('a start that failed is tried again by the next rerun', async () => {
    const flaky = "['sh', '-c', 'test -e mended && exec node server.mjs 0; exit 7']";
    await using project = watched(major, flaky);
    const run = project.start('--watch');
    const next = runs(run);
    expect(await next()).toContain('api exited with code 7');
    project.write('mended', '');
    project.write('watched/one.test.ts', spec(NEEDS_API, '// edited'));
    expect(await next()).toContain('1 passed');
    expect(project.generations()).toHaveLength(1);
    await ends(run);
  });

  test('a changed config starts a new generation, a broken one fails its run, and the next edit mends it', async () => {
    await using project = watched(major);
    const run = project.start('--watch');
    const next = runs(run);
    expect(await next()).toContain('1 passed');
    project.write('greenroom.config.ts', config("['node', 'server.mjs', '1']"));
    expect(await next()).toContain('1 passed');
    expect(started(project)).toEqual([['api'], ['api']]);
    project.write('greenroom.config.ts', config("'node server.mjs'"));
    const broken = await next();
    expect(broken).toContain('CONFIG_INVALID');
    expect(broken).toContain('1 failed');
    project.write('greenroom.config.ts', config("['node', 'server.mjs', '2']"));
    expect(await next()).toContain('1 passed');
    project.write('delay.ts', "export const delay = '1';");
    expect(await next()).toContain('1 passed');
    expect(started(project)).toEqual([['api'], ['api'], ['api'], ['api']]);
    await ends(run);
  });

  test('a coordinator that is lost between runs is replaced by the next rerun', async () => {
    await using project = watched(major);
    const run = project.start('--watch');
    const next = runs(run);
    const [, pid] = /coordinator pid (\d+)/.exec(await next()) ?? [];
    process.kill(Number(pid), 'SIGKILL');
    project.write('watched/one.test.ts', spec(NEEDS_API, '// edited'));
    expect(await next()).toMatch(/1 passed/);
    expect(project.generations()).toHaveLength(2);
    await ends(run);
  });
});

test('a changed vitest.config.ts leaves and joins again', async () => {
  await using project = watched(5);
  const run = project.start('--watch');
  const next = runs(run);
  expect(await next()).toContain('1 passed');
  project.write('vitest.config.ts', `${VITEST_CONFIG}\n// edited`);
  expect(await next()).toContain('1 passed');
  await ends(run);
});
