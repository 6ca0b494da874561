import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { VerdictMeta } from '../../../src/protocol/verdict.ts';
import { MAJORS, vitestProject } from '../../support/vitest-project.ts';
import type { RunResult, SpecResult } from '../../support/vitest-run.ts';

const SECONDARY = `
  import { connect } from 'node:net';
  import { afterAll, afterEach, beforeAll, beforeEach, describe, test } from 'vitest';

  const refused = () => new Promise((_, reject) => connect(1, '127.0.0.1').on('error', reject));

  describe('a failed beforeEach', () => {
    let client;
    beforeEach(async ({ onTestFinished }) => {
      onTestFinished(() => client.release());
      // Both addresses of a name, as Node has it.
      throw new AggregateError([new Error('first address'), new Error('second address')]);
    });
    afterEach(() => client.close());
    test('has secondary errors', () => undefined);
  });

  describe('a failed fixture', () => {
    const it = test.extend({ page: async ({}, use) => { throw new Error('no browser'); } });
    it.afterEach(({ page }) => page.close());
    it('has no page to close', ({ page }) => page);
  });

  describe('a failed body', () => {
    let client;
    const unreached = (port) => () => fetch('http://127.0.0.1:' + port);
    test('leaves its clean-up alone', ({ onTestFinished }) => {
      onTestFinished(() => client.close());
      throw new Error('body');
    });
    test('leaves alone what looks the same', ({ onTestFinished }) => {
      onTestFinished(unreached(3));
      return unreached(2)();
    });
  });

  describe('a failed beforeAll', () => {
    let pool;
    beforeAll(async () => {
      pool = await refused();
    });
    afterAll(() => pool.end());
    test('is skipped', () => undefined);
  });
`;

const ADDRESSES = `
  import { connect } from 'node:net';
  import { endpoint } from 'greenroom/vitest';
  import { afterAll, aroundEach, beforeAll, describe, expect, test } from 'vitest';

  const { port } = endpoint('api');
  const fail = (port, host) => new Promise((_, reject) => connect(port, host).on('error', reject));

  test('wraps what nothing listens on', async () => {
    await fetch('http://127.0.0.1:2/').catch((cause) => { throw new Error('cannot load the catalog', { cause }); });
  });
  test('uses the other loopback address', () => fail(port, '127.0.0.2').catch((error) => {
    // As a client has it that was built for another address.
    throw Object.assign(new Error('connect ECONNREFUSED ::1:' + port), { code: 'ECONNREFUSED', address: '::1', port });
  }));
  test('reaches it no more', async () => {
    throw Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET', address: '127.0.0.1', port });
  });
  test('fails for its own reason', () => expect('http://127.0.0.1:1/').toBe('http://127.0.0.1:2/'));
  test('retries', { retry: 1 }, ({ task }) => {
    if (task.result.retryCount === 0) throw new Error('connect ECONNREFUSED 127.0.0.1:1');
  });
  describe('a hook around each', () => {
    aroundEach(async (runTest) => {
      await fail(2, '127.0.0.1');
      await runTest();
    }, 1_000);
    test('is what fails', () => undefined);
  });
  describe('a hook before all', () => {
    beforeAll(() => fetch('http://127.0.0.1:2/'));
    test('is skipped', () => undefined);
  });
  describe('a hook after all', () => {
    afterAll(() => fail(2, '127.0.0.1'));
    test('is over', () => undefined);
  });
  test.fails('is expected to fail', () => fail(1, '127.0.0.1'));
`;

const LOST = `
  import { readFileSync } from 'node:fs';
  import { expect, test } from 'vitest';

  test('passes', () => undefined);
  test('is caught', async () => {
    process.kill(JSON.parse(readFileSync(process.env.GREENROOM_FILE, 'utf8')).pid, 'SIGKILL');
    await expect.poll(() => fetch(process.env.API_URL).catch(() => 'gone'), { timeout: 20_000 }).toBe('gone');
    await fetch(process.env.API_URL);
  });
  test('comes after', () => expect.unreachable());
`;

/** In the same worker, after the file that lost its coordinator. */
const NEXT = `
  import { endpoint } from 'greenroom/vitest';
  import { expect, test } from 'vitest';

  test('has the next generation', async () => {
    expect(process.env.GREENROOM_FILE).toMatch(/gen-2.json$/);
    expect(process.env.API_URL).toBe(endpoint('api').url);
    expect((await fetch(process.env.API_URL)).ok).toBe(true);
  });
`;

const specsOf = ({ files }: RunResult): Readonly<Record<string, SpecResult | undefined>> =>
  Object.fromEntries(files.flatMap(({ assertionResults }) => assertionResults.map((spec) => [spec.title, spec])));
const verdictOf = (spec: SpecResult | undefined): VerdictMeta | undefined =>
  spec?.meta['greenroom'] as VerdictMeta | undefined;
/** The first lines of each error. */
const said = (spec: SpecResult | undefined): readonly string[] =>
  spec?.failureMessages.map((message) => message.split('\n    at ')[0] ?? '') ?? [];

describe.each(MAJORS)('with Vitest %i', (major) => {
  test('errors of a clean-up that follow from a failed set-up are marked, and no others', async () => {
    await using project = vitestProject({ 'specs/secondary.test.ts': SECONDARY }, { major });
    const result = await project.vitest('run', 'specs/secondary', '--reporter=junit', '--outputFile.junit=junit.xml');
    const specs = specsOf(result);
    expect(said(specs['has secondary errors']), result.output).toEqual([
      'Error: first address',
      'Error: second address',
      expect.stringMatching(/^TypeError: secondary, follows from the failed set-up: Cannot read .*'close'/),
      expect.stringMatching(/^TypeError: secondary, follows from the failed set-up: Cannot read .*'release'/),
    ]);
    expect(said(specs['has no page to close'])).toEqual([
      'Error: no browser',
      // Vitest 4 leaves a fixture that failed undefined, Vitest 5 tries it again.
      expect.stringMatching(/^\w+: secondary, (?:follows from the failed set-up: Cannot|the same again: no browser)/),
    ]);
    // None of these need have to do with what failed before.
    expect(said(specs['leaves its clean-up alone'])).toEqual([
      'Error: body',
      expect.stringMatching(/^TypeError: Cannot read .*'close'/),
    ]);
    expect(said(specs['leaves alone what looks the same'])).toEqual(
      [2, 3].map((port) => expect.stringContaining(`fetch failed\n↳ connect ECONNREFUSED 127.0.0.1:${port}: nothing`)),
    );
    expect(result.output).toMatch(/secondary, follows from the failed set-up: Cannot read .*'end'/);
    const junit = readFileSync(join(project.dir, 'junit.xml'), 'utf8');
    expect(junit).toContain('secondary, follows from the failed set-up');
  });

  test('an error that could not reach an address says what stands there', async () => {
    await using project = vitestProject({ 'specs/addresses.test.ts': ADDRESSES }, { major });
    const blob = ['--reporter=blob', '--outputFile.blob=blobs/blob.json'];
    const result = await project.vitest('run', 'specs/addresses', ...blob);
    const specs = specsOf(result);
    const nothing = 'connect ECONNREFUSED 127.0.0.1:2: nothing that Greenroom started';
    expect(said(specs['wraps what nothing listens on']), result.output).toEqual([
      `Error: cannot load the catalog\n↳ ${nothing}`,
    ]);
    expect(verdictOf(specs['wraps what nothing listens on'])).toMatchObject({
      verdict: 'LOGIC',
      evidence: [{ kind: 'address', text: nothing }],
    });
    expect(said(specs['uses the other loopback address'])[0]).toMatch(
      /↳ connect ECONNREFUSED ::1:\d+: api, which is ready, listens on 127\.0\.0\.1:\d+ only/,
    );
    expect(said(specs['reaches it no more'])[0]).toMatch(
      /↳ read ECONNRESET \(127\.0\.0\.1:\d+\): that is api, which is ready/,
    );
    expect(said(specs['is what fails'])[0]).toBe(`Error: connect ECONNREFUSED 127.0.0.1:2\n↳ ${nothing}`);
    expect(verdictOf(specs['is what fails'])).toMatchObject({ verdict: 'LOGIC', evidence: [{ text: nothing }] });
    expect(result.output).toContain(`fetch failed\n↳ ${nothing}`);
    expect(result.output).toContain(`Error: connect ECONNREFUSED 127.0.0.1:2\n↳ ${nothing}`);
    expect(said(specs['fails for its own reason'])[0]).not.toContain('↳');
    expect(specs['retries']).toMatchObject({ status: 'passed' });
    expect(verdictOf(specs['retries'])).toBeUndefined();
    expect(specs['is expected to fail']).toMatchObject({ status: 'passed' });

    const merged = await project.vitest('--merge-reports=blobs');
    expect(said(specsOf(merged)['wraps what nothing listens on'])).toEqual(
      said(specs['wraps what nothing listens on']),
    );
    expect(verdictOf(specsOf(merged)['wraps what nothing listens on'])).toMatchObject({
      evidence: [{ kind: 'address', text: nothing }],
    });
  });

  test('specs of a file whose coordinator is lost fail for that; the next file has the next one', async () => {
    // Vitest begins with the largest file.
    const files = { 'specs/lost.test.ts': LOST.padEnd(NEXT.length + 1), 'specs/next.test.ts': NEXT };
    await using project = vitestProject(files, { major });
    const result = await project.vitest('run', 'specs/lost', 'specs/next', '--no-isolate', '--maxWorkers=1');
    const specs = specsOf(result);
    expect(specs['passes']).toMatchObject({ status: 'passed' });
    expect(said(specs['is caught'])[0], result.output).toMatch(
      /fetch failed\n↳ the coordinator .* is gone \[COORDINATOR_LOST\]/,
    );
    expect(said(specs['comes after'])).toEqual([
      expect.stringMatching(/^GreenroomError: infrastructure lost: the coordinator .* is gone \[COORDINATOR_LOST\]/),
    ]);
    for (const title of ['is caught', 'comes after']) {
      expect(verdictOf(specs[title])).toMatchObject({ verdict: 'INFRA', code: 'COORDINATOR_LOST' });
    }
    expect(specs['has the next generation'], result.output).toMatchObject({ status: 'passed' });
    expect(result.files.map(({ message }) => message).toSorted()).toEqual([
      '',
      expect.stringContaining('[COORDINATOR_LOST]'),
    ]);
    expect(result.exitCode).toBe(13);
  });
});
