/** Every spec is accounted for, whatever became of the run. */
import { describe, expect, test } from 'vitest';
import { type Bodies, NEEDS_NOTHING, specFile, suiteOf57 } from '../../support/many-specs.ts';
import { expectAccounted, lastSummary } from '../../support/run-summary.ts';
import { MAJORS, type RunResult, vitestProject } from '../../support/vitest-project.ts';

const FIXTURE = 'vitest-report';
const FAILS = "test('fails #', () => { expect(2).toBe(3); });";
const DECLARED = "test.skip('declared #', () => {});";

const HANGS = "test('hangs', () => new Promise(() => {}), 60_000);";

/** A config with a reporter that does something as soon as the main process knows that the spec `hangs` has begun. */
const onHangs = (does: string): string => `
  import { readFileSync } from 'node:fs';
  import greenroom from 'greenroom/vitest';
  import { defineConfig } from 'vitest/config';

  const reporter = { onTestCaseReady: ({ name }) => { if (name === 'hangs') ${does}; } };
  const watcher = { name: 'watcher', configureVitest: ({ vitest }) => void vitest.config.reporters.push(reporter) };
  export default defineConfig({
    plugins: [greenroom(), watcher],
    test: { include: ['specs/*.test.ts'], pool: 'forks', maxWorkers: 2 },
  });
`;
const KILLS_AT_HANGS = onHangs("process.kill(Number(readFileSync('pid', 'utf8')), 'SIGKILL')");
const TELLS_OF_HANGS = onHangs("console.log('hangs has begun')");

/** How often each status and verdict is in Vitest's JSON report. */
function inReport({ files }: RunResult): Record<string, number> {
  const tally: Record<string, number> = {};
  for (const { status, meta } of files.flatMap((file) => file.assertionResults)) {
    const { verdict } = (meta['greenroom'] ?? {}) as { verdict?: string };
    const key = verdict === undefined ? status : `${status} ${verdict}`;
    tally[key] = (tally[key] ?? 0) + 1;
  }
  return tally;
}

describe.each(MAJORS)('on Vitest %i', (major) => {
  test('57 of 57 specs are in the reports when the run ends at the first failure', async () => {
    const bodiesOf = (file: number): Bodies => (file === 1 ? { 1: FAILS } : file % 4 === 0 ? { 2: DECLARED } : {});
    await using project = vitestProject(suiteOf57(bodiesOf), { major, fixture: FIXTURE });
    const result = await project.vitest('run', '--bail=1');
    const { counts, exitCode } = lastSummary(project.dir);
    expectAccounted(counts, 57);
    expect(counts).toMatchObject({ failed: 1, skipped: 3 });
    expect(inReport(result)).toMatchObject({
      'failed LOGIC': 1,
      'skipped NEVER_RAN': counts.neverRan,
      skipped: counts.skipped + counts.interrupted,
      passed: counts.passed,
    });
    expect(result.output).toContain(`collected 57 = ${counts.passed} passed + 1 failed + 3 skipped + `);
    expect([result.exitCode, exitCode]).toEqual([1, 1]);
  });

  test('57 of 57 specs are there when all fail, and the first one ends the run', async () => {
    const dead = "beforeEach(() => { throw new Error('refused'); }); afterEach(() => { undefined.close(); });";
    const all = suiteOf57(() => ({ 0: `${dead} test('first', () => {});` }));
    await using project = vitestProject(all, { major, fixture: FIXTURE });
    const { exitCode, files, output } = await project.vitest('run', '--bail=1');
    const { counts } = lastSummary(project.dir);
    expectAccounted(counts, 57);
    expect(counts.failed).toBeGreaterThan(0);
    expect(files.flatMap((file) => file.assertionResults)).toHaveLength(57);
    // One cause, however many specs have met it before the end.
    expect(output.match(/^ {2}× /gm)).toHaveLength(1);
    expect(exitCode).toBe(1);
  });

  test('specs that fail in two workers at the same moment are both reported when the first one ends the run', async () => {
    // Without letting go, so that neither worker is told of the other's failure before it has its own.
    const meets = (self: string, other: string): string => `test('${self}', () => {
      writeFileSync('${self}', '');
      const deadline = Date.now() + 20_000;
      while (!existsSync('${other}')) if (Date.now() > deadline) break;
      throw new Error('both at once');
    }, 30_000);`;
    const head = `${NEEDS_NOTHING}\nimport { existsSync, writeFileSync } from 'node:fs';`;
    const files = {
      'specs/a.test.ts': specFile(2, { 0: meets('here', 'there') }, head),
      'specs/b.test.ts': specFile(2, { 0: meets('there', 'here') }, head),
    };
    await using project = vitestProject(files, { major, fixture: FIXTURE });
    const { exitCode } = await project.vitest('run', '--bail=1');
    expect(lastSummary(project.dir).counts).toMatchObject({ collected: 4, failed: 2, neverRan: 2 });
    expect(exitCode).toBe(1);
  });

  test('a worker that is killed leaves one spec interrupted, and those after it never ran', async () => {
    const tellsPid = "test('tells', () => { writeFileSync('pid', String(process.pid)); });";
    const files = {
      'vitest.config.ts': KILLS_AT_HANGS,
      // Vitest begins with the largest file.
      'specs/a.test.ts': `${specFile(4, { 0: tellsPid, 1: HANGS }, `${NEEDS_NOTHING}\nimport { writeFileSync } from 'node:fs';`)} // ${'-'.repeat(999)}`,
      'specs/b.test.ts': specFile(3, { 1: "test.each([1, 2])('%i', () => {});" }),
    };
    await using project = vitestProject(files, { major, fixture: FIXTURE });
    const result = await project.vitest('run', '--maxWorkers=1', '--no-isolate');
    const { counts } = lastSummary(project.dir);
    expect(counts).toEqual({
      collected: 7,
      passed: 1,
      failed: 0,
      skipped: 0,
      interrupted: 1,
      neverRan: 5,
      estimatedFiles: 1,
    });
    expect(inReport(result)).toMatchObject({ passed: 1, 'skipped NEVER_RAN': 5 });
    expect(result.output).toMatch(/INTERRUPTED {2}1 spec had begun\n {2}· specs\/a\.test\.ts.* hangs/);
    expect(result.output).toContain('5 never ran (1 file estimated)');
    expect(result.exitCode).toBe(1);
  });

  test('what is below a failed set-up never ran; what says so itself is skipped', async () => {
    const files = {
      'specs/hook.test.ts': specFile(3, {
        0: "describe('cart', () => { beforeAll(() => { throw new Error('no cart at redis://me:hunter2@cart'); }); test('one', () => {}); test.skip('two', () => {}); });",
        1: "test('asks to be skipped', ({ skip }) => skip('not today'));",
        2: "test.todo('later');",
      }),
      'specs/load.test.ts': specFile(2, { 0: "throw new Error('does not load');\ntest('one', () => {});" }),
    };
    await using project = vitestProject(files, { major, fixture: FIXTURE });
    const result = await project.vitest('run');
    const { counts, verdicts } = lastSummary(project.dir);
    expect(counts).toMatchObject({ collected: 6, skipped: 3, neverRan: 3, failed: 0 });
    expect(verdicts.map(({ file, name, verdict, evidence }) => [file, name, verdict, evidence[0]?.text])).toEqual(
      expect.arrayContaining([
        ['specs/hook.test.ts', 'cart', 'LOGIC', undefined],
        ['specs/hook.test.ts', 'cart > one', 'NEVER_RAN', 'blocked by cart: no cart at redis://me:***@cart'],
        ['specs/load.test.ts', '', 'LOGIC', undefined],
        ['specs/load.test.ts', 'spec 1', 'NEVER_RAN', 'blocked by its file: does not load'],
      ]),
    );
    expect(JSON.stringify(verdicts)).not.toContain('hunter2');
    expect(result.exitCode).toBe(1);
  });

  test('an interrupted run accounts for what it was at, and for the rest', async () => {
    const all = suiteOf57((file) => (file === 0 ? { 2: HANGS } : {}));
    await using project = vitestProject({ ...all, 'vitest.config.ts': TELLS_OF_HANGS }, { major, fixture: FIXTURE });
    const run = project.start('run');
    await run.until('hangs has begun');
    run.kill('SIGINT');
    const { exitCode, files, output } = await run.ended;
    const { counts, verdicts } = lastSummary(project.dir);
    expectAccounted(counts, 57);
    expect(counts.interrupted).toBeGreaterThan(0);
    expect(counts.neverRan).toBeGreaterThan(0);
    expect(files.flatMap((file) => file.assertionResults)).toHaveLength(57);
    expect(verdicts[0]?.evidence[0]?.text).toBe('the run was over before it: it was interrupted by SIGINT');
    expect(output).toMatch(/ {2}· specs\/00\.test\.ts.* hangs[^]*exit 130: interrupted by SIGINT/);
    expect(exitCode).toBe(130);
  });

  test('a run in which all is well says nothing', async () => {
    await using project = vitestProject({ 'specs/a.test.ts': specFile(2) }, { major, fixture: FIXTURE });
    const { exitCode, output } = await project.vitest('run');
    expect(exitCode).toBe(0);
    expect(output).not.toMatch(/collected|exit \d|greenroom/);
    expect(lastSummary(project.dir)).toMatchObject({ counts: { collected: 2, passed: 2 }, verdicts: [], exitCode: 0 });
  });
});
