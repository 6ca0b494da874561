import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { VerdictMeta } from '../../../src/protocol/verdict.ts';
import { MAJORS, vitestProject } from '../../support/vitest-project.ts';
import type { FileResult } from '../../support/vitest-run.ts';

/** `cache` opens, `late` opens after longer than the specs' own time-outs, `never` does not. */
const CONFIG = `
  import { command, custom, defineConfig, gate, http } from 'greenroom';

  const api = command({ run: ['node', 'server.mjs', '0'], ready: http('/health') });
  const slow = command({ run: ['node', 'server.mjs', '1500'], ready: http('/health') });
  const spare = custom({ start: () => ({ level: 3 }) });
  const broken = custom({ start: () => { throw new Error('no licence') } });
  const synced = ({ synced }) => synced;
  export default defineConfig({
    resources: { api, slow, spare, broken },
    gates: {
      cache: gate({ needs: { api }, probe: http('api', '/synced', synced) }),
      late: gate({ needs: { slow }, probe: http('slow', '/synced', synced) }),
      never: gate({ needs: { api }, timeout: 300, probe: http('api', '/synced', () => false) }),
    },
    linger: 0,
  });
`;

const spec = (docblock: string, body: string): string => `
  /** ${docblock} */
  import { endpoint } from 'greenroom/vitest';
  import { expect, test } from 'vitest';
  ${body}
`;

/** Writes what reaches the main process of each file: its state, its errors and its meta. */
const REPORTER = `
  import { writeFileSync } from 'node:fs';
  export default class {
    onTestRunEnd(modules) {
      const files = modules.map((module) => [module.moduleId, {
        state: module.state(),
        errors: module.errors().map(({ code, message }) => ({ code, message })),
        meta: module.meta().greenroom,
      }]);
      writeFileSync('modules.json', JSON.stringify(files));
    }
  }
`;

interface Module {
  readonly state: string;
  readonly errors: readonly { readonly code?: string; readonly message: string }[];
  readonly meta?: VerdictMeta;
}

const statuses = (file: FileResult | undefined): object =>
  Object.fromEntries(file?.assertionResults.map(({ title, status }) => [title, status]) ?? []);
const verdicts = (file: FileResult | undefined): object =>
  Object.fromEntries(
    file?.assertionResults.map(({ title, meta }) => [title, (meta['greenroom'] as VerdictMeta | undefined)?.verdict]) ??
      [],
  );

describe.each(MAJORS)('with Vitest %i', (major) => {
  test('a file is held for its docblock, its tags or all gates over what it needs; a spec for its own tags', async () => {
    await using project = vitestProject(
      {
        'greenroom.config.ts': CONFIG,
        'reporter.mjs': REPORTER,
        'specs/single.test.ts': spec(
          '@needs api\n * @gates',
          `
            test('is not held', () => expect(endpoint('api').port).toBeGreaterThan(0));
            // The endpoint is known only from the answer that the gate is open.
            test('is held for longer than it may take', { tags: ['late'], timeout: 500 }, () => {
              expect(endpoint('slow').port).toBeGreaterThan(0);
            });
            test('is held in vain', { tags: ['never'] }, () => expect.unreachable());
            test('asks for a resource', { tags: ['spare'] }, () => expect(endpoint('spare').level).toBe(3));
            test('asks for what does not start', { tags: ['broken'] }, () => expect.unreachable());
          `,
        ),
        'specs/tagged.test.ts': spec(
          '@needs api, broken',
          `
            test('narrows', { tags: ['cache'] }, () => expect(endpoint('api').port).toBeGreaterThan(0));
            test.skip('does not count', () => undefined);
          `,
        ),
        'specs/blocked.test.ts': spec(
          '@needs api',
          `
            test('never runs', { tags: ['cache'] }, () => expect.unreachable());
            test('neither does this', () => expect.unreachable());
            test.skip('was skipped anyway', () => undefined);
          `,
        ),
      },
      { major },
    );
    const args = ['specs/single', 'specs/tagged', 'specs/blocked', '--reporter=./reporter.mjs'];
    const { files, output, exitCode } = await project.vitest('run', ...args);
    const file = (name: string): FileResult | undefined => files.find((each) => each.name.includes(name));
    const modules = JSON.parse(readFileSync(join(project.dir, 'modules.json'), 'utf8')) as [string, Module][];
    const module = (name: string): Module | undefined => modules.find(([id]) => id.includes(name))?.[1];

    expect(statuses(file('single')), output).toEqual({
      'is not held': 'passed',
      'is held for longer than it may take': 'passed',
      'is held in vain': 'failed',
      'asks for a resource': 'passed',
      'asks for what does not start': 'failed',
    });
    expect(verdicts(file('single'))).toMatchObject({
      'is held in vain': 'INFRA',
      'asks for what does not start': 'INFRA',
    });
    const [, , vain, , broken] = file('single')?.assertionResults ?? [];
    expect(vain?.failureMessages.join()).toMatch(/blocked by infrastructure: gate never did not open within 300 ms/);
    expect(broken?.failureMessages.join()).toMatch(/blocked by infrastructure: .*no licence \[FUNCTION_FAILED\]/);
    expect(vain?.meta['greenroom']).toMatchObject({ v: 1, code: 'GATE_TIMEOUT', evidence: [{ kind: 'gate' }] });

    expect(statuses(file('tagged')), output).toEqual({ narrows: 'passed', 'does not count': 'skipped' });
    expect(module('tagged')).toEqual({ state: 'passed', errors: [] });

    expect(verdicts(file('blocked'))).toEqual({
      'never runs': 'NEVER_RAN',
      'neither does this': 'NEVER_RAN',
      'was skipped anyway': undefined,
    });
    expect(module('blocked')).toMatchObject({
      state: 'failed',
      errors: [{ code: 'GATE_TIMEOUT', message: expect.stringMatching(/^blocked by infrastructure: gate never/) }],
      meta: { v: 1, verdict: 'INFRA', code: 'GATE_TIMEOUT', evidence: [{ kind: 'gate' }] },
    });
    // Nothing but infrastructure failed, and for more than one reason.
    expect(exitCode).toBe(10);
  });
});
