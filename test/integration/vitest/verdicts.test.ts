/** What a failure is put down to when the infrastructure fails, too: a spec's own failure stays its own. */
import { describe, expect, test } from 'vitest';
import { specFile } from '../../support/many-specs.ts';
import { expectAccounted, lastSummary } from '../../support/run-summary.ts';
import { MAJORS, vitestProject } from '../../support/vitest-project.ts';

const FIXTURE = 'vitest-report';

/** Every way to write a spec, in a file that is held for nothing but its api. */
const KINDS = `// @gates
  import { describe, expect, test } from 'vitest';

  let tries = 0;
  let rounds = 0;
  test.each([1, 2])('each %i', () => undefined);
  test.for([1, 2])('for %i', () => undefined);
  describe.concurrent('at once', () => {
    test('one passes', () => fetch(process.env.GREENROOM_API_URL));
    test('one fails', () => { throw new Error('own'); });
  });
  test.concurrent('alone at once', () => undefined);
  test.fails('fails as expected', () => { throw new Error('meant'); });
  test.fails('does not fail', () => undefined);
  test.fails('is not even held', { tags: ['closed'] }, () => { throw new Error('meant'); });
  test('is held in vain, twice', { tags: ['closed'], retry: 1 }, () => undefined);
  test('passes at last', { retry: 2 }, () => { if (++tries < 2) throw new Error('flaky'); });
  test('never passes', { retry: 1 }, () => { throw new Error('always'); });
  test('fails once', { repeats: 2 }, () => { if (++rounds === 1) throw new Error('first only'); });
  test('has a snapshot', () => expect({ a: 1 }).toMatchSnapshot());
  test('differs from its snapshot', () => expect(1).toMatchInlineSnapshot('2'));
  test('skips itself', ({ skip }) => skip('not today'));
  test.skipIf(true)('is skipped', () => undefined);
  test.todo('is to be written');
`;

/** Loses its coordinator after specs of its own have failed. */
const LOST = `// @gates
  import { readFileSync } from 'node:fs';
  import { afterAll, describe, expect, test } from 'vitest';

  const kill = async () => {
    process.kill(JSON.parse(readFileSync(process.env.GREENROOM_FILE, 'utf8')).pid, 'SIGKILL');
    await expect.poll(() => fetch(process.env.GREENROOM_API_URL).catch(() => 'gone'), { timeout: 20_000 }).toBe('gone');
  };
  let rounds = 0;

  test('fails by itself', () => { throw new Error('own'); });
  describe('a clean-up of its own', () => {
    afterAll(() => { throw new Error('own clean-up'); });
    test('passes', () => undefined);
  });
  test('fails by itself, then without infrastructure', { repeats: 1 }, async () => {
    if (++rounds === 1) throw new Error('own round');
    await kill();
    await fetch(process.env.GREENROOM_API_URL);
  });
  describe('a clean-up without infrastructure', () => {
    test.fails('never runs', () => { throw new Error('meant'); });
    afterAll(() => fetch(process.env.GREENROOM_API_URL));
  });
  afterAll(() => { throw new Error('too late to say'); });
`;

/** Name → verdict, code and first error of each that did not pass. */
const verdictsIn = (dir: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    lastSummary(dir).verdicts.map(({ name, verdict, code = '', error = '' }) => [
      name,
      `${verdict} ${code} ${error.split('\n')[0]?.slice(0, 40)}`,
    ]),
  );

describe.each(MAJORS)('on Vitest %i', (major) => {
  test('every kind of spec is in one class, and has its own verdict', async () => {
    await using project = vitestProject({ 'specs/kinds.test.ts': KINDS }, { major, fixture: FIXTURE });
    const { exitCode, output } = await project.vitest('run');
    const { counts } = lastSummary(project.dir);
    expectAccounted(counts, 19);
    expect(counts, output).toMatchObject({ passed: 9, failed: 7, skipped: 3 });
    const blocked = expect.stringMatching(/^INFRA GATE_TIMEOUT blocked by infrastructure/);
    expect(verdictsIn(project.dir)).toEqual({
      'at once > one fails': 'LOGIC  own',
      'does not fail': 'LOGIC  Expect test to fail',
      'is not even held': blocked,
      'is held in vain, twice': blocked,
      'never passes': 'LOGIC  always',
      'fails once': 'LOGIC  first only',
      'differs from its snapshot': expect.stringMatching(/^LOGIC {2}Snapshot/),
    });
    expect(exitCode).toBe(1);
  });

  test('what has failed by itself stays the own failure of its spec when the coordinator is lost later', async () => {
    const files = { 'specs/lost.test.ts': LOST };
    await using project = vitestProject(files, { major, fixture: FIXTURE });
    const { exitCode, output } = await project.vitest('run');
    const lost = expect.stringMatching(/^INFRA COORDINATOR_LOST/);
    expect(verdictsIn(project.dir), output).toEqual({
      '': lost,
      'fails by itself': 'LOGIC  own',
      'a clean-up of its own': 'LOGIC  own clean-up',
      'fails by itself, then without infrastructure': 'LOGIC  own round',
      'a clean-up without infrastructure': lost,
      'a clean-up without infrastructure > never runs': lost,
    });
    expect(exitCode).toBe(1);
  });
});

test('a coordinator that does not answer is no excuse for a spec that fails', async () => {
  const signal = (name: string): string =>
    `process.kill(JSON.parse(readFileSync(process.env.GREENROOM_FILE, 'utf8')).pid, '${name}');`;
  const stops = `test('fails', () => { ${signal('SIGSTOP')} throw new Error('own'); });`;
  const spec = specFile(2, { 0: stops, 1: `test('goes on', () => { ${signal('SIGCONT')} });` }, '// @gates');
  const text = `${spec}\nimport { readFileSync } from 'node:fs';`;
  await using project = vitestProject({ 'specs/stopped.test.ts': text }, { fixture: FIXTURE });
  const { exitCode, output } = await project.vitest('run');
  expect(verdictsIn(project.dir), output).toEqual({ fails: 'LOGIC  own' });
  expect(exitCode).toBe(1);
});
