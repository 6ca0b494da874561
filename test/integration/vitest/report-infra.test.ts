/** Failures of the infrastructure are told from those of the tests, and the exit code says which it was. */
import { describe, expect, test } from 'vitest';
import { bundlesIn } from '../../support/bundle.ts';
import { NEEDS_NOTHING, specFile } from '../../support/many-specs.ts';
import { expectAccounted, lastSummary } from '../../support/run-summary.ts';
import { NEWEST, vitestProject } from '../../support/vitest-project.ts';

const FIXTURE = 'vitest-report';
const ALL = '';
const GATED = '// @gates closed';
const FAILS = { 0: "test('fails', () => { expect(2).toBe(3); });" };

const KILLS = `test('kills', async () => {
  const { readFileSync } = await import('node:fs');
  process.kill(JSON.parse(readFileSync(process.env.GREENROOM_FILE, 'utf8')).pid, 'SIGKILL');
  await expect.poll(() => fetch(process.env.GREENROOM_API_URL).catch(() => 'gone'), { timeout: 9_000 }).toBe('gone');
  throw new Error('and so it fails');
}, 10_000);`;

const withApi = (api: string): string => `
  import { command, defineConfig } from 'greenroom';
  export default defineConfig({ resources: { api: command(${api}) }, linger: 0 });
`;
const EXITS = withApi(`{ run: ['node', '-e', 'console.error("no licence"); process.exit(3)'] }`);

describe.each(NEWEST)('on Vitest %i', (major) => {
  test('11: a start that fails is one cause for all that it blocks', async () => {
    const files = {
      'greenroom.config.ts': EXITS,
      'specs/a.test.ts': specFile(3, {}, ALL),
      'specs/b.test.ts': specFile(2, {}, ALL),
    };
    await using project = vitestProject(files, { major, fixture: FIXTURE });
    const result = await project.vitest('run');
    const { counts, verdicts, exitCode } = lastSummary(project.dir);
    expect(counts).toMatchObject({ collected: 5, neverRan: 5 });
    expect(new Set(verdicts.map(({ verdict, code }) => `${verdict} ${code}`))).toEqual(
      new Set(['INFRA RESOURCE_EXITED', 'NEVER_RAN RESOURCE_EXITED']),
    );
    expect(result.output).toMatch(/INFRA .*5 never ran, 1 cause +not your code/);
    expect(result.output).toContain('5 specs in 2 files: specs/');
    expect(result.output).toContain('exit 11: the infrastructure never became ready, and no spec ran');
    expect([result.exitCode, exitCode]).toEqual([11, 11]);
    expect(result.output).toMatch(/^greenroom: gathered in .*-1-1\.tar\.gz \([\d.]+ KiB\)$/m);
    const [bundle] = bundlesIn(project.dir);
    expect(bundle?.files['index.md']).toContain('[RESOURCE_EXITED]');
    expect(bundle?.files['logs/api.log']).toContain('no licence');
    expect(bundle?.files['members.txt']).toMatch(/coordinator: alive[^]*runner/);
    expect(bundle?.files['versions.txt']).toMatch(new RegExp(`^vitest +${major}\\.`, 'm'));
  });

  test('10: other files have run; a failure of their own makes it 1', async () => {
    const files = {
      'greenroom.config.ts': EXITS,
      'specs/a.test.ts': specFile(3, {}, ALL),
      'specs/b.test.ts': specFile(2),
    };
    await using project = vitestProject(files, { major, fixture: FIXTURE });
    expect((await project.vitest('run')).exitCode).toBe(10);
    expect(lastSummary(project.dir).counts).toMatchObject({ collected: 5, passed: 2, neverRan: 3 });
    project.write('specs/b.test.ts', specFile(2, FAILS));
    const both = await project.vitest('run');
    expect(both.output).toMatch(/TEST LOGIC +1 failed[^]*INFRA .*3 never ran/);
    expect(both.exitCode).toBe(1);
  });

  test('12: a gate that stays closed', async () => {
    const files = { 'specs/a.test.ts': specFile(3, {}, GATED), 'specs/b.test.ts': specFile(2, {}, GATED) };
    await using project = vitestProject(files, { major, fixture: FIXTURE });
    const { exitCode, output } = await project.vitest('run');
    expect(output).toMatch(/INFRA .*5 never ran, 1 cause/);
    expect(output.match(/^ {2}× gate closed .*\[GATE_TIMEOUT\]$/gm)).toHaveLength(1);
    expect(exitCode).toBe(12);
  });

  test('budgets: the specs that run at the end of one, what workers wait for, and where the time went', async () => {
    const files = {
      'greenroom.config.ts': `
        import { check, custom, defineConfig, gate } from 'greenroom';
        const api = custom({ start: () => ({}) });
        const late = Date.now() + 5_000;
        const closed = gate({ needs: { api }, probe: check(() => Date.now() > late) });
        const later = gate({ needs: { api }, probe: check(() => Date.now() > late + 2_000) });
        export default defineConfig({ resources: { api }, gates: { closed, later }, budgets: { specs: 2_500 }, linger: 0 });
      `,
      'specs/a.test.ts': specFile(
        1,
        { 0: "test('slow', () => new Promise((end) => setTimeout(end, 4_000)));" },
        '// @gates',
      ),
      'specs/b.test.ts': specFile(1, { 0: "test('tagged', { tags: ['later'] }, () => {});" }, '// @gates closed'),
    };
    await using project = vitestProject(files, { major, fixture: FIXTURE });
    const { exitCode, output } = await project.vitest('run');
    expect(output).toMatch(/^greenroom: the budget of 2\.5s for specs is spent$/m);
    expect(output).toMatch(/^ {2}· runs: specs\/a\.test\.ts {2}slow$/m);
    expect(output).toMatch(/^ {2}· the worker of slot \d has waited \d\.\ds for gate closed$/m);
    expect(output).toMatch(/^greenroom: time: start \d\.\ds · specs \d\.\ds of 2\.5s/m);
    expect(output).toMatch(/^greenroom: critical path of the start: api \d\.\ds$/m);
    expect(output).toMatch(/^ {2}· specs\/a\.test\.ts {2}slow {2}[34]\.\ds, all of it its own$/m);
    expect(output).toMatch(/^ {2}· specs\/b\.test\.ts {2}\d\.\ds: held \d\.\ds for gate closed, its own 0\.0s$/m);
    expect(output).toMatch(
      /^ {2}· specs\/b\.test\.ts {2}tagged {2}\d\.\ds: held \d\.\ds for gate later, its own \d\.\ds$/m,
    );
    expect(exitCode).toBe(0);
  });

  test('10: all specs pass, and what a resource has accepted is not stored', async () => {
    const files = {
      'greenroom.config.ts': `
        import { custom, defineConfig } from 'greenroom';
        const audit = custom({ start: () => ({}), flush: () => ({ accepted: 100, stored: 96 }) });
        export default defineConfig({ resources: { audit }, linger: 0 });
      `,
      'specs/a.test.ts': specFile(3, {}, ALL),
    };
    await using project = vitestProject(files, { major, fixture: FIXTURE });
    const { exitCode, output } = await project.vitest('run');
    expect(output).toContain('audit was flushed, and 4 of 100 that it had accepted are lost');
    expect(output.match(/gathered in/g)).toHaveLength(1);
    expect(exitCode).toBe(10);
  });

  test('13: a coordinator that is lost', async () => {
    const files = { 'specs/a.test.ts': specFile(2, { 0: KILLS }, '// @gates') };
    await using project = vitestProject(files, { major, fixture: FIXTURE });
    const { exitCode, output } = await project.vitest('run');
    const { verdicts } = lastSummary(project.dir);
    expect(verdicts).toContainEqual(
      expect.objectContaining({ name: 'kills', verdict: 'INFRA', code: 'COORDINATOR_LOST' }),
    );
    expect(output).toMatch(/INFRA .*, 1 cause/);
    expect(exitCode).toBe(13);
    // Of the generation that was lost, not of the one that came after it.
    const [bundle] = bundlesIn(project.dir);
    expect(bundle?.dir).toMatch(/-1-1$/);
    expect(bundle?.files['members.txt']).toContain('coordinator: gone');
  });

  test('13: a coordinator that is lost twice; what was not begun then is blocked by it', async () => {
    const kills = specFile(1, { 0: KILLS }, '// @gates');
    const files = Object.fromEntries(Array.from({ length: 4 }, (_, index) => [`specs/${index}.test.ts`, kills]));
    await using project = vitestProject(files, { major, fixture: FIXTURE });
    const { exitCode, output } = await project.vitest('run', '--maxWorkers=1');
    const { counts, verdicts } = lastSummary(project.dir);
    expectAccounted(counts, 4);
    expect(counts.neverRan, output).toBeGreaterThan(0);
    const never = verdicts.filter(({ verdict }) => verdict === 'NEVER_RAN');
    expect(new Set(never.map(({ code }) => code))).toEqual(new Set(['COORDINATOR_LOST']));
    expect(exitCode).toBe(13);
    // What a killed coordinator could not remove itself, the next one does.
    project.write('specs/after.test.ts', specFile(1, {}, '// @gates'));
    expect((await project.vitest('run', 'specs/after.test.ts')).exitCode).toBe(0);
  });

  test('2: a config that is wrong', async () => {
    const files = { 'greenroom.config.ts': withApi("{ run: 'node' }"), 'specs/a.test.ts': specFile(2, {}, ALL) };
    await using project = vitestProject(files, { major, fixture: FIXTURE });
    const { exitCode, output } = await project.vitest('run');
    expect(output).toMatch(/^CONFIG  2 never ran, 1 cause +look at your config$/m);
    expect(output).not.toContain('not your code');
    expect(output).toContain('exit 2: there is a mistake in the config');
    expect(exitCode).toBe(2);
  });
});

test('an exit code of one’s own takes the place of those of the infrastructure', async () => {
  const config = `
    import greenroom from 'greenroom/vitest';
    import { defineConfig } from 'vitest/config';
    export default defineConfig({ plugins: [greenroom({ infraExitCode: 75 })], test: { include: ['specs/*.test.ts'] } });
  `;
  const files = { 'vitest.config.ts': config, 'specs/a.test.ts': specFile(1, {}, GATED) };
  await using project = vitestProject(files, { fixture: FIXTURE });
  expect((await project.vitest('run')).exitCode).toBe(75);
  // As the flag of `greenroom run` does.
  expect((await project.with({ GREENROOM_INFRA_EXIT_CODE: '76' }).vitest('run')).exitCode).toBe(76);
  project.write('specs/b.test.ts', specFile(1, FAILS, NEEDS_NOTHING));
  expect((await project.vitest('run')).exitCode).toBe(1);
});
