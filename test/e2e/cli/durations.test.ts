import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cliProject } from '../../support/cli-project.ts';

/** As the Vitest plugin leaves it. */
const HISTORY = {
  '.greenroom/durations.json': JSON.stringify({
    v: 1,
    files: { 'specs/b.test.ts': [40], '|unit| specs/a.test.ts': [90_000, 2100, 2500], 'specs/c.test.ts': [2300, 2200] },
  }),
};

test('durations prints how long files usually take, longest first', async () => {
  await using project = cliProject(HISTORY);
  const printed = await project.greenroom('durations');
  expect(printed.code, printed.stderr).toBe(0);
  expect(printed.stdout).toMatchInlineSnapshot(`
    "2.5s  |unit| specs/a.test.ts
    2.3s  specs/c.test.ts
    40ms  specs/b.test.ts"
  `);
  const json = JSON.parse((await project.greenroom('durations', '--json')).stdout) as unknown[];
  expect(json).toHaveLength(3);
  expect(json[0]).toEqual({ project: 'unit', path: 'specs/a.test.ts', ms: 2500 });
});

test('durations --write makes the file that shards are balanced by', async () => {
  await using project = cliProject(HISTORY);
  const written = await project.greenroom('durations', '--write');
  expect(written).toMatchObject({ code: 0, stdout: 'wrote the durations of 3 spec files to greenroom.durations.json' });
  const text = readFileSync(join(project.dir, 'greenroom.durations.json'), 'utf8');
  expect(text).toMatchInlineSnapshot(`
    "{
      "v": 1,
      "files": {
        "specs/b.test.ts": 40,
        "specs/c.test.ts": 2250,
        "|unit| specs/a.test.ts": 2500
      }
    }
    "
  `);
  const elsewhere = await project.greenroom('durations', '--write', 'other.json');
  expect(elsewhere).toMatchObject({ code: 0, stdout: 'wrote the durations of 3 spec files to other.json' });
  expect(readFileSync(join(project.dir, 'other.json'), 'utf8')).toBe(text);
});

test('durations says what is wrong, and ends with 2', async () => {
  await using project = cliProject(HISTORY);
  const both = await project.greenroom('durations', '--write', '--json');
  expect(both).toMatchObject({ code: 2, stdout: '' });
  expect(both.stderr).toContain('--write and --json exclude each other');
  const nowhere = await project.greenroom('durations', '--write', 'no/such/directory.json');
  expect(nowhere.code).toBe(2);
  expect(nowhere.stderr).toContain('no/such/directory.json cannot be written');
  project.write('.greenroom/durations.json', '{ "v": 1, "files": [');
  const broken = await project.greenroom('durations');
  expect(broken.code).toBe(2);
  expect(broken.stderr).toContain('durations.json cannot be understood');

  await using fresh = cliProject();
  const none = await fresh.greenroom('durations');
  expect(none.code).toBe(2);
  expect(none.stderr).toContain('no run has recorded yet how long the spec files');
  expect(none.stderr).toContain('[DURATIONS_NOT_FOUND]');
});
