/** Verdicts are in Vitest's own reports, and in blobs, so that merged reports have them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { RunSummary } from '../../../src/report/run-summary.ts';
import { specFile } from '../../support/many-specs.ts';
import { lastSummary } from '../../support/run-summary.ts';
import { MAJORS, vitestProject } from '../../support/vitest-project.ts';

const GATED = '// @gates closed';

const FILES = {
  'specs/gated.test.ts': specFile(3, { 2: "test.skip('declared', () => {});" }, GATED),
  'specs/held.test.ts': specFile(2, {}, GATED),
  'specs/logic.test.ts': specFile(3, { 1: "test('fails', () => { expect(2).toBe(3); });" }),
  'specs/hook.test.ts': specFile(2, {
    0: "describe('cart', () => { beforeAll(() => { throw new Error('no cart'); }); test('one', () => {}); test.skip('two', () => {}); });",
  }),
};

/** What each spec, suite or file that did not pass is put down to. */
const told = ({ verdicts }: RunSummary): readonly string[] =>
  verdicts.map(({ file, name, verdict, code }) => [file, name, verdict, code].join(' ')).toSorted();

describe.each(MAJORS)('on Vitest %i', (major) => {
  test('merged reports of two shards have the verdicts and the counts of both', async () => {
    await using project = vitestProject(FILES, { major, fixture: 'vitest-report' });
    const shards: RunSummary[] = [];
    for (const shard of ['1', '2']) {
      // Each of them counts its own files, and no other's.
      await project.vitest('run', `--shard=${shard}/2`, '--reporter=blob', `--outputFile.blob=blobs/${shard}.json`);
      shards.push(lastSummary(project.dir));
    }
    const junit = join(project.dir, 'junit.xml');
    const merged = await project.vitest('--merge-reports=blobs', '--reporter=junit', `--outputFile.junit=${junit}`);
    const summary = lastSummary(project.dir);
    expect(told(summary)).toEqual(shards.flatMap(told).toSorted());
    expect(summary.counts).toEqual({
      collected: 11,
      passed: 3,
      failed: 1,
      skipped: 2,
      interrupted: 0,
      neverRan: 5,
      estimatedFiles: 0,
    });
    expect(shards.map(({ counts }) => counts.collected).reduce((a, b) => a + b)).toBe(11);
    const specs = merged.files.flatMap((file) => file.assertionResults);
    expect(specs.filter(({ meta }) => JSON.stringify(meta).includes('NEVER_RAN'))).toHaveLength(5);
    expect(
      readFileSync(junit, 'utf8')
        .match(/name="greenroom" value="\w+/g)
        ?.toSorted(),
    ).toEqual([
      'name="greenroom" value="LOGIC',
      ...Array.from({ length: 5 }, () => 'name="greenroom" value="NEVER_RAN'),
    ]);
    expect(merged.exitCode).toBe(1);
  });

  test('merged reports end with the code of what was wrong in the shards', async () => {
    const { 'specs/gated.test.ts': gated, 'specs/held.test.ts': held } = FILES;
    const files = { 'specs/gated.test.ts': gated, 'specs/held.test.ts': held };
    await using project = vitestProject(files, { major, fixture: 'vitest-report' });
    await project.vitest('run', '--reporter=blob', '--outputFile.blob=blobs/1.json');
    const merged = await project.vitest('--merge-reports=blobs');
    expect(merged.output).toMatch(/INFRA .*4 never ran, 1 cause/);
    expect(merged.exitCode).toBe(12);
  });

  test('reports of projects in config files are judged when one of them has the plugin', async () => {
    const { 'specs/gated.test.ts': gated } = FILES;
    const plugins = "import greenroom from 'greenroom/vitest'; const plugins = [greenroom()];";
    const files = {
      'vitest.config.ts': `${plugins} export default { plugins, test: { projects: ['one'] } };`,
      'one/vitest.config.ts': `${plugins} export default { plugins, test: { name: 'one', include: ['*.test.ts'] } };`,
      'one/gated.test.ts': gated,
    };
    await using project = vitestProject(files, { major, fixture: 'vitest-report' });
    await project.vitest('run', '--reporter=blob', '--outputFile.blob=blobs/1.json');
    const merged = await project.vitest('--merge-reports=blobs');
    expect(merged.output).toMatch(/INFRA .*2 never ran, 1 cause/);
    expect(merged.exitCode).toBe(12);
  });
});
