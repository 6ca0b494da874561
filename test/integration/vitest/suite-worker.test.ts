import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { NEWEST, vitestProject, type VitestProject } from '../../support/vitest-project.ts';

const CONFIG = `
  import { command, defineConfig, http } from 'greenroom';

  const api = command({ run: ['node', 'server.mjs', '0'], ready: http('/health') });
  export default defineConfig({
    resources: { api },
    suite: { module: './suite.ts' },
    env: ({ api }) => ({ API_URL: api.url }),
    linger: 0,
  });
`;

/** Writes who did what into a file; specs see what its bodies have made. */
const SUITE = `
  import { appendFileSync } from 'node:fs';
  import { synchronizedAfterSuite, synchronizedBeforeSuite } from 'greenroom/suite';

  export const write = (line: string): void => appendFileSync(process.env.JOURNAL!, line + '\\n');
  export let client: { readonly token: string; readonly url: string } | undefined;

  synchronizedBeforeSuite(
    () => ({ token: 'secret', journal: process.cwd() }),
    ({ token }, { api }, { onCleanup }) => {
      write('before');
      client = { token, url: api.url! };
      onCleanup(() => write('first clean-up'));
      onCleanup(() => write('second clean-up'));
    },
  );
  synchronizedAfterSuite(() => write('after ' + client?.token));
`;

const SPEC = `
  import { expect, inject, test } from 'vitest';
  import { client, write } from '../suite.ts';

  test('sees what the suite module has made in this worker', ({ task }) => {
    write('spec');
    expect(client).toEqual({ token: 'secret', url: process.env.API_URL });
    expect(inject('greenroom')).not.toHaveProperty('suite');
    expect(Object.keys(process.env).filter((name) => name.includes('SUITE'))).toEqual([]);
  });
`;

const files = { 'greenroom.config.ts': CONFIG, 'suite.ts': SUITE, 'specs/a.test.ts': SPEC, 'specs/b.test.ts': SPEC };
const BEGIN = ['before', 'spec'];
const END = ['after secret', 'second clean-up', 'first clean-up'];

const journalOf = ({ dir }: VitestProject): readonly string[] =>
  readFileSync(join(dir, 'journal'), 'utf8').trimEnd().split('\n');
const play = (project: VitestProject, ...args: readonly string[]) =>
  project
    .with({ JOURNAL: join(project.dir, 'journal') })
    .vitest('run', 'specs/a', 'specs/b', '--maxWorkers=1', ...args);

describe.each(NEWEST)('with Vitest %i', (major) => {
  test.each([
    ['forks', '--isolate', [...BEGIN, ...END, ...BEGIN, ...END]],
    ['forks', '--no-isolate', [...BEGIN, 'spec', ...END]],
    ['threads', '--no-isolate', [...BEGIN, 'spec', ...END]],
    ['vmForks', '--isolate', [...BEGIN, ...END, ...BEGIN, ...END]],
  ])('each bodies run once for each evaluation of the suite module: %s %s', async (pool, isolation, expected) => {
    await using project = vitestProject(files, { major });
    const { output, exitCode } = await play(project, `--pool=${pool}`, isolation);
    expect(exitCode, output).toBe(0);
    expect(journalOf(project)).toEqual(expected);
  });
});

test('a suite that skips runs no hook of a file, and says why', async () => {
  const hooks = `
    import { afterAll, aroundAll, beforeAll, describe } from 'vitest';
    beforeAll(() => write('beforeAll'));
    afterAll(() => write('afterAll'));
    aroundAll((runSuite) => { write('aroundAll'); return runSuite(); });
    describe('nested', () => {
      beforeAll(() => write('nested'));
      test('too', () => write('spec'));
    });
  `;
  const skips = SUITE.replace(
    "() => ({ token: 'secret', journal: process.cwd() })",
    "(_, { skip }) => skip('no licence')",
  );
  await using project = vitestProject({ ...files, 'suite.ts': skips, 'specs/a.test.ts': SPEC + hooks });
  const result = await play(project, '--reporter=verbose');
  expect(result.exitCode, result.output).toBe(0);
  expect(result.files.flatMap((file) => file.assertionResults.map(({ status }) => status))).toEqual(
    Array(3).fill('skipped'),
  );
  expect(result.output).toContain('sees what the suite module has made in this worker [no licence]');
  expect(result.output).not.toContain('never ran');
  expect(new Set(journalOf(project))).toEqual(new Set(['after undefined']));
});

test.each(NEWEST)('an `each` body that fails is the root, and says where it is: Vitest %i', async (major) => {
  const suite = `
    import { synchronizedAfterSuite, synchronizedBeforeSuite } from 'greenroom/suite';

    interface Value { readonly token: string }
    synchronizedBeforeSuite(
      () => ({ token: 'secret' }),
      ({ token }: Value) => {
        throw new Error('no door for ' + token.length);
      },
    );
    synchronizedAfterSuite(() => {
      throw new Error('nothing to close');
    });
  `;
  await using project = vitestProject({ ...files, 'suite.ts': suite }, { major });
  const { exitCode, output } = await play(project);
  const [, summary = ''] = output.split(/^INFRA /m);
  expect(summary, output).toMatch(/^ 2 never ran, 1 cause/);
  expect(summary).toMatch(/threw: no door for 6 \[FUNCTION_FAILED\]\n {4}hint: look at .*suite\.ts:8\n/);
  expect(output).toMatch(/threw: nothing to close \[FUNCTION_FAILED\]\nhint: look at .*suite\.ts:12\n/);
  expect(exitCode).toBe(11);
});
