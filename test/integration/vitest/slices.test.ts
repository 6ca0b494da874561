import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { NEWEST, vitestProject } from '../../support/vitest-project.ts';

const CONFIG = `
import { defineConfig, dir } from 'greenroom';
const mine = dir({ slice: 'worker' });
const draft = dir({ slice: 'file' });
const scratch = dir({ slice: 'test' });
export default defineConfig({
  resources: { mine, draft, scratch },
  env: ({ mine, draft, scratch }) => ({ MINE: mine.path, DRAFT: draft.path, SCRATCH: scratch.path }),
  linger: 0,
});
`;

/** Notes what it sees, and fails when something of another is in what is meant to be its own. */
const spec = (name: string): string => `
import { appendFileSync, readdirSync, writeFileSync } from 'node:fs';
import { endpoint, test } from 'greenroom/vitest';
import { expect } from 'vitest';
const { MINE, DRAFT, SCRATCH } = process.env;
const note = (what) => appendFileSync(new URL('../seen', import.meta.url), JSON.stringify({ file: '${name}', ...what }) + '\\n');
note({ MINE, DRAFT });
test('has no scratch before it begins', () => expect(SCRATCH).toBeUndefined());
for (const number of [1, 2]) {
  test('has parts of its own: ' + number, ({ mine, draft, scratch }) => {
    expect([mine.path, draft.path, scratch.path]).toEqual([MINE, DRAFT, process.env.SCRATCH]);
    expect(endpoint('scratch').path).toBe(scratch.path);
    expect(readdirSync(scratch.path)).toEqual([]);
    writeFileSync(scratch.path + '/used', '');
    note({ SCRATCH: scratch.path });
  });
}
`;

const SPECS = {
  'greenroom.config.ts': CONFIG,
  'specs/endpoints.test.ts': spec('a'),
  'specs/gate.test.ts': spec('b'),
  'specs/member.test.ts': spec('c'),
};

interface Seen {
  readonly MINE?: string;
  readonly DRAFT?: string;
  readonly SCRATCH?: string;
}

const seenIn = (dir: string): readonly Seen[] =>
  readFileSync(join(dir, 'seen'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Seen);

const different = (values: readonly (string | undefined)[]): number => new Set(values.filter(Boolean)).size;

describe.each(NEWEST)('on Vitest %i', (major) => {
  test.each([
    ['forks', ['--pool=forks'], 3],
    ['threads', ['--pool=threads'], 3],
    ['one worker without isolation', ['--no-isolate', '--maxWorkers=1'], 1],
  ])('workers, files and specs have parts of their own: %s', async (_, args, workers) => {
    await using project = vitestProject(SPECS, { major });
    const { exitCode, output } = await project.vitest('run', ...args);
    expect(exitCode, output).toBe(0);
    const seen = seenIn(project.dir);
    expect(different(seen.map(({ MINE }) => MINE))).toBe(workers);
    expect(different(seen.map(({ DRAFT }) => DRAFT))).toBe(3);
    expect(different(seen.map(({ SCRATCH }) => SCRATCH))).toBe(6);
    await project.nothingLeft();
    const paths = seen.flatMap(({ MINE, DRAFT, SCRATCH }) =>
      [MINE, DRAFT, SCRATCH].filter((path) => path !== undefined),
    );
    expect(paths.filter((path) => existsSync(path))).toEqual([]);
  });
});

test('specs that run at the same time cannot each have a part of their own', async () => {
  await using project = vitestProject({
    'greenroom.config.ts': CONFIG,
    'specs/endpoints.test.ts': `
      import { test } from 'vitest';
      test.concurrent('one', () => new Promise((end) => setTimeout(end, 200)));
      test.concurrent('other', () => new Promise((end) => setTimeout(end, 200)));
    `,
  });
  const { exitCode, output } = await project.vitest('run', 'specs/endpoints.test.ts');
  expect(exitCode).toBe(1);
  expect(output).toContain('SLICE_SCOPE');
});

test('a part that each spec has is not there outside of specs', async () => {
  await using project = vitestProject({
    'greenroom.config.ts': CONFIG,
    'specs/endpoints.test.ts': `
      import { endpoint } from 'greenroom/vitest';
      import { test } from 'vitest';
      const { path } = endpoint('scratch');
      test('uses it', () => path);
    `,
  });
  const { output } = await project.vitest('run', 'specs/endpoints.test.ts');
  expect(output).toContain('each spec has a scratch of its own');
});
