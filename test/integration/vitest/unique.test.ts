import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { NEWEST, vitestProject } from '../../support/vitest-project.ts';

const CONFIG = `
import { defineConfig, dir } from 'greenroom';
const files = dir();
export default defineConfig({ resources: { files }, linger: 0 });
`;

const SPEC = `
import { appendFileSync } from 'node:fs';
import { unique } from 'greenroom/vitest';
import { test } from 'vitest';
const note = () => appendFileSync(new URL('../names', import.meta.url), unique('bucket') + '\\n');
note();
test.for([1, 2, 3])('spec %i', note);
`;

const SPECS = {
  'greenroom.config.ts': CONFIG,
  'specs/endpoints.test.ts': SPEC,
  'specs/gate.test.ts': SPEC,
  'specs/member.test.ts': SPEC,
};

describe.each(NEWEST)('on Vitest %i', (major) => {
  test.each([
    ['forks', ['--pool=forks']],
    ['threads', ['--pool=threads']],
    ['one worker for all files', ['--no-isolate', '--maxWorkers=1']],
    ['one worker after the other', ['--maxWorkers=1']],
  ])('no two calls have one name, over two runs: %s', async (_, args) => {
    await using project = vitestProject(SPECS, { major });
    for (const run of [1, 2]) {
      const { exitCode, output } = await project.vitest('run', ...args);
      expect(exitCode, `run ${run}: ${output}`).toBe(0);
    }
    const names = readFileSync(join(project.dir, 'names'), 'utf8').trim().split('\n');
    expect(new Set(names).size).toBe(24);
    for (const name of names) {
      expect(name).toMatch(/^gr-[0-9a-f]{16}-\d+-[0-9a-f]{8}-\d+-\d+-\d+-bucket$/);
      expect(Buffer.byteLength(name)).toBeLessThanOrEqual(63);
    }
  });
});

test('what cannot be part of a name, and who has no slot, is told', async () => {
  const spec = (word: string): string => `
    import { unique } from 'greenroom/vitest';
    import { test } from 'vitest';
    test('asks', () => unique('${word}'));
  `;
  await using project = vitestProject({
    'greenroom.config.ts': CONFIG,
    'specs/endpoints.test.ts': spec('My Bucket'),
    'specs/gate.test.ts': `/** @needs */\n${spec('bucket')}`,
  });
  const wrong = await project.vitest('run', 'specs/endpoints.test.ts');
  expect(wrong.exitCode).toBe(1);
  expect(wrong.output).toContain('"My Bucket" cannot be part of a unique name');
  expect(wrong.output).toContain('NAME_UNUSABLE');
  const alone = await project.vitest('run', 'specs/gate.test.ts');
  expect(alone.exitCode).toBe(1);
  expect(alone.output).toContain('so that this worker has no slot');
});
