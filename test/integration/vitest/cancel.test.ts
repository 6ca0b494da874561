import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { eventually } from '../../support/project.ts';
import { MAJORS, vitestProject, type Major, type VitestProject } from '../../support/vitest-project.ts';

/** The gate is asked for, and that is written down; it does not open, and its time is longer than a test's. */
const GATED = `
  import { command, defineConfig, gate, http } from 'greenroom';
  const api = command({ run: ['node', 'gated.mjs'], ready: http('/health') });
  const never = gate({ needs: { api }, timeout: 300_000, probe: http('api', '/synced', () => false) });
  export default defineConfig({ resources: { api }, gates: { never }, linger: 0 });
`;
const SERVER = `
  import { writeFileSync } from 'node:fs';
  import { createServer } from 'node:http';
  createServer(({ url }, response) => {
    if (url === '/synced') writeFileSync('asked', '');
    response.end('{}');
  }).listen(Number(process.env.PORT), '127.0.0.1');
`;
const UNGATED = `
  import { command, defineConfig, http } from 'greenroom';
  const api = command({ run: ['node', 'gated.mjs'], ready: http('/health') });
  export default defineConfig({ resources: { api }, suite: { module: './suite.ts' }, linger: 0 });
`;
/** Leaves a line for what must not run without what it was held for. */
const SPEC = `
  import { appendFileSync } from 'node:fs';
  import { afterAll, beforeAll, describe, test } from 'vitest';
  beforeAll(() => appendFileSync('ran', 'beforeAll '));
  afterAll(() => appendFileSync('ran', 'afterAll '));
  describe('nested', () => {
    beforeAll(() => appendFileSync('ran', 'nested '));
    test('one', () => appendFileSync('ran', 'one '));
  });
  test('two', () => appendFileSync('ran', 'two '));
`;
const TAGGED = `
  /** @gates */
  import { appendFileSync } from 'node:fs';
  import { test } from 'vitest';
  test('is held', { tags: ['never'] }, () => appendFileSync('ran', 'held '));
  test('comes after it', () => appendFileSync('ran', 'after '));
`;
const config = (rest: string): string => `
  import greenroom from 'greenroom/vitest';
  import { greenroomPool } from 'greenroom/vitest/pool';
  export default { plugins: [greenroom()], test: { include: ['held/*.test.ts'], maxWorkers: 1, ${rest} } };
`;

const ran = ({ dir }: VitestProject): string =>
  existsSync(join(dir, 'ran')) ? readFileSync(join(dir, 'ran'), 'utf8') : '';

describe.each(MAJORS)('Vitest %i', (major: Major) => {
  const project = (files: Readonly<Record<string, string>>): VitestProject =>
    vitestProject({ 'greenroom.config.ts': GATED, 'gated.mjs': SERVER, ...files }, { major });
  const there = (name: string, { dir }: VitestProject): Promise<true> =>
    eventually(() => existsSync(join(dir, name)) || undefined, name);

  test.each([
    "pool: 'forks'",
    "pool: 'threads', isolate: false",
    "pool: 'vmForks'",
    "pool: greenroomPool('forks')",
    "pool: greenroomPool('threads'), isolate: false",
  ])('a file that is held at a gate ends with the first signal: %s', async (pool) => {
    const files = { 'held/a.test.ts': SPEC, 'held/b.test.ts': SPEC };
    await using held = project({ 'vitest.config.ts': config(pool), ...files });
    const run = held.start('run');
    await there('asked', held);
    run.kill('SIGINT');
    const { exitCode, output } = await run.ended;
    expect(exitCode, output).toBe(130);
    // It ended by itself: nothing had to be hurried.
    expect(output).not.toContain('nothing is waited for; once more, and the process ends');
    expect(output).toMatch(/collected 4 = .* 4 never ran/);
    expect(output).not.toMatch(/FAIL|Unhandled/);
    expect(ran(held)).toBe('');
    await held.nothingLeft();
  });

  test('a spec that is held at a gate ends with the first signal', async () => {
    await using held = project({ 'vitest.config.ts': config(''), 'held/a.test.ts': TAGGED });
    const run = held.start('run');
    await there('asked', held);
    run.kill('SIGINT');
    const { exitCode, output } = await run.ended;
    expect(exitCode, output).toBe(130);
    expect(output).not.toContain('nothing is waited for; once more, and the process ends');
    expect(output).toMatch(/collected 2 = 0 passed \+ 0 failed \+ 0 skipped \+ 1 interrupted \+ 1 never ran/);
    expect(ran(held)).toBe('');
  });

  test('`bail` ends a run while another worker is held', async () => {
    const fails = `
      /** @gates */
      import { existsSync } from 'node:fs';
      import { expect, test } from 'vitest';
      test('fails', async () => {
        await expect.poll(() => existsSync('asked'), { timeout: 30_000 }).toBe(true);
        expect(1).toBe(2);
      }, 40_000);
    `;
    const files = { 'held/a.test.ts': SPEC, 'held/b.test.ts': fails };
    await using held = project({ 'vitest.config.ts': config('').replace('maxWorkers: 1', 'maxWorkers: 2'), ...files });
    const { exitCode, output } = await held.vitest('run', '--bail=1');
    expect(exitCode, output).toBe(1);
    expect(output).toMatch(/collected 3 = 0 passed \+ 1 failed \+ 0 skipped \+ 0 interrupted \+ 2 never ran/);
    expect(ran(held)).toBe('');
  });

  test('an `each` body is called off, and what it registered is cleaned up', async () => {
    const suite = `
      import { appendFileSync, writeFileSync } from 'node:fs';
      import { synchronizedAfterSuite, synchronizedBeforeSuite } from 'greenroom/suite';
      synchronizedBeforeSuite(() => null, async (value, endpoints, { onCleanup, signal }) => {
        onCleanup(() => appendFileSync('ran', 'cleaned '));
        signal.addEventListener('abort', () => appendFileSync('ran', 'aborted '));
        writeFileSync('asked', '');
        await new Promise(() => {});
      });
      synchronizedAfterSuite(() => appendFileSync('ran', 'after '));
    `;
    const files = { 'greenroom.config.ts': UNGATED, 'suite.ts': suite, 'held/a.test.ts': SPEC };
    await using held = project({ 'vitest.config.ts': config(''), ...files });
    const run = held.start('run');
    await there('asked', held);
    run.kill('SIGTERM');
    const { exitCode, output } = await run.ended;
    expect(exitCode, output).toBe(143);
    expect(output).not.toContain('nothing is waited for; once more, and the process ends');
    expect(ran(held)).toBe('aborted after cleaned ');
    expect(output).toMatch(/collected 2 = .* 2 never ran/);
  });
});
