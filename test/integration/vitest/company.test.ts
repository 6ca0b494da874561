/** Greenroom beside what else a suite uses of Vitest: set-up files of its own, coverage, type tests. */
import { describe, expect, test } from 'vitest';
import { lastSummary } from '../../support/run-summary.ts';
import { NEWEST, vitestProject } from '../../support/vitest-project.ts';

const CONFIG = `
  import greenroom from 'greenroom/vitest';
  import { defineConfig } from 'vitest/config';
  export default defineConfig({
    plugins: [greenroom()],
    test: {
      include: ['specs/*.test.ts'],
      setupFiles: ['./set-up.ts'],
      typecheck: { enabled: true, include: ['specs/*.test-d.ts'], tsconfig: './tsconfig.json' },
      coverage: { enabled: true, provider: 'custom', customProviderModule: './coverage.mjs', reportOnFailure: true },
    },
  });
`;

/** The user's own set-up file asks for endpoints when it is loaded, and extends the fixtures. */
const SET_UP = `
  import { beforeAll } from 'vitest';
  import { endpoint, test } from 'greenroom/vitest';
  globalThis.urls = [endpoint('api').url];
  export const it = test.extend({ page: async ({ api }, use) => use(api.url + '/page') });
  beforeAll(() => void globalThis.urls.push(endpoint('api').url));
`;

const SPEC = `// @gates
  import { expect } from 'vitest';
  import { it } from '../set-up.ts';
  it('finds the same everywhere', async ({ page, api }) => {
    expect(globalThis.urls).toEqual([api.url, api.url]);
    expect((await fetch(page)).ok).toBe(true);
  });
`;

const TYPES = `
  import { describe, expectTypeOf, test } from 'vitest';
  test('holds', () => { expectTypeOf(1).toBeNumber(); });
  test('does not hold', () => { expectTypeOf('a').toBeNumber(); });
  describe('skipped', () => { test.skip('is not checked', () => {}); });
`;

const COVERAGE = `
  const provider = {
    name: 'custom',
    initialize(vitest) { this.options = vitest.config.coverage; },
    resolveOptions() { return this.options; },
    generateCoverage: () => void console.log('COVERAGE'),
    reportCoverage() {},
    clean() {}, onAfterSuiteRun() {}, onTestRunStart() {}, onFileTransform() {},
  };
  export default { getProvider: () => provider, startCoverage() {}, stopCoverage() {}, takeCoverage: () => ({}) };
`;

const FILES = {
  'vitest.config.ts': CONFIG,
  'set-up.ts': SET_UP,
  'coverage.mjs': COVERAGE,
  'specs/a.test.ts': SPEC,
  'specs/b.test.ts': SPEC,
  'specs/types.test-d.ts': TYPES,
  'tsconfig.json': JSON.stringify({
    compilerOptions: { strict: true, module: 'nodenext', skipLibCheck: true, noEmit: true, types: [] },
    include: ['specs/*.test-d.ts'],
  }),
};

describe.each(NEWEST)('on Vitest %i', (major) => {
  test.each([[['--isolate']], [['--no-isolate', '--maxWorkers=1']]])(
    "the user's own set-up file, coverage and type tests are served, left alone and counted: %s",
    async (args) => {
      await using project = vitestProject(FILES, { major, fixture: 'vitest-report', packages: ['typescript'] });
      // Vitest starts the type checker by its name.
      const { PATH = '' } = process.env;
      const { exitCode, output } = await project.with({ PATH }).vitest('run', ...args);
      const { counts, verdicts } = lastSummary(project.dir);
      expect(counts, output).toMatchObject({ collected: 5, passed: 3, failed: 1, skipped: 1, estimatedFiles: 0 });
      expect(verdicts.map(({ name, verdict }) => `${name}: ${verdict}`)).toEqual(['does not hold: LOGIC']);
      expect(output).toContain('COVERAGE');
      expect(exitCode).toBe(1);
    },
  );
});
