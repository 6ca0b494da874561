import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { MAJORS, vitestProject, type Major, type RunResult, type VitestProject } from '../../support/vitest-project.ts';

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f'];
const spec = (name: string): string => `balanced/${name}.test.ts`;
const durations = (files: Readonly<Record<string, number>>): string => JSON.stringify({ v: 1, files });

/** Six specs that need nothing, take no time, and write down in which order they are run. */
const FILES: Readonly<Record<string, string>> = {
  'vitest.config.ts': `
    import greenroom from 'greenroom/vitest';
    import { GreenroomSequencer } from 'greenroom/vitest/sequencer';
    import { defineConfig } from 'vitest/config';
    export default defineConfig({
      plugins: [greenroom()],
      test: { include: ['balanced/*.test.ts'], sequence: { sequencer: GreenroomSequencer }, maxWorkers: 1 },
    });
  `,
  ...Object.fromEntries(
    NAMES.map((name) => [
      spec(name),
      `
        /** @needs */
        import { appendFileSync } from 'node:fs';
        import { test } from 'vitest';
        appendFileSync('order.txt', '${name} ');
        test('passes', () => undefined);
      `,
    ]),
  ),
};
/** By these, `f` weighs as much as all the others: those that are not there count as the median. */
const WEIGHED = durations({ [spec('a')]: 10, [spec('c')]: 10, [spec('f')]: 50 });

const inOrder = ({ files }: RunResult): readonly string[] =>
  files.map(({ name }) => /(\w+)\.test\.ts$/.exec(name)?.[1] ?? name).toSorted();

/** Runs one of two shards, whose blob goes to where `merge` looks. */
function shard(project: VitestProject, index: number): Promise<RunResult> {
  return project.vitest('run', `--shard=${index}/2`, '--reporter=blob', `--outputFile.blob=blobs/${index}.json`);
}

const merge = (project: VitestProject): Promise<RunResult> => project.vitest('--merge-reports=blobs');

describe.each(MAJORS)('Vitest %i', (major: Major) => {
  test('shards are balanced by the committed durations, cover every file once, and are merged', async () => {
    await using project = vitestProject({ ...FILES, 'greenroom.durations.json': WEIGHED }, { major });
    const [first, second] = [await shard(project, 1), await shard(project, 2)];
    expect(inOrder(first), first.output).toEqual(['f']);
    expect(inOrder(second), second.output).toEqual(['a', 'b', 'c', 'd', 'e']);
    const merged = await merge(project);
    expect(merged, merged.output).toMatchObject({ exitCode: 0 });
    expect(inOrder(merged)).toEqual(NAMES);
  });

  test('shards that were balanced by different durations are not merged', async () => {
    await using project = vitestProject({ ...FILES, 'greenroom.durations.json': WEIGHED }, { major });
    await shard(project, 1);
    rmSync(join(project.dir, 'greenroom.durations.json'));
    const second = await shard(project, 2);
    // As Vitest shards, by the hash of names.
    expect(inOrder(second), second.output).toHaveLength(3);
    const merged = await merge(project);
    expect(merged, merged.output).toMatchObject({ exitCode: 2, files: [] });
    expect(merged.output).toMatch(/\[DURATIONS_DIFFER\]\nhint: run all shards again/);
    expect(merged.output).toMatch(/balanced\/f\.test\.ts ran in a shard balanced by durations [0-9a-f]{16}/);
    expect(merged.output).toMatch(/balanced\/\w\.test\.ts ran in a shard balanced without durations/);
  });

  test('durations that cannot be understood, or are not where they are said to be, end the run', async () => {
    const broken = durations({}).replace('{}', '{ "a.test.ts": "slow" }');
    await using project = vitestProject({ ...FILES, 'greenroom.durations.json': broken }, { major });
    const unreadable = await shard(project, 1);
    expect(unreadable, unreadable.output).toMatchObject({ exitCode: 2, files: [] });
    expect(unreadable.output).toContain(
      'files.a.test.ts: expected a number of milliseconds, got "slow" [DURATIONS_INVALID]\nhint: ',
    );
    expect(unreadable.output.match(/cannot be understood/g), unreadable.output).toHaveLength(1);
    expect(unreadable.output).not.toMatch(/^ *(?:at|❯) .*(?:dist|node:)/m);
    const missing = await project.with({ GREENROOM_DURATIONS: 'nowhere.json' }).vitest('run', '--shard=1/2');
    expect(missing, missing.output).toMatchObject({ exitCode: 2, files: [] });
    expect(missing.output).toContain('GREENROOM_DURATIONS names nowhere.json, which is not there');
  });

  test('the files that took longest on this machine begin first, and those that are new before them', async () => {
    const history = { v: 1, files: { [spec('c')]: [20, 9000, 30], [spec('e')]: [40], [spec('gone')]: [1] } };
    await using project = vitestProject({ ...FILES, '.greenroom/durations.json': JSON.stringify(history) }, { major });
    const run = await project.vitest('run');
    expect(run, run.output).toMatchObject({ exitCode: 0 });
    const order = readFileSync(join(project.dir, 'order.txt'), 'utf8').trimEnd().split(' ');
    expect(order.slice(-2)).toEqual(['e', 'c']);
    const { files } = recorded(project);
    expect(Object.keys(files).toSorted()).toEqual(NAMES.map(spec));
    expect(files[spec('c')]).toEqual([20, 9000, 30, expect.any(Number)]);
    // Only some of its specs say nothing about how long a file takes.
    await project.vitest('run', '-t', 'passes');
    expect(recorded(project)).toEqual({ v: 1, files });
  });
});

function recorded(project: VitestProject): { readonly files: Readonly<Record<string, readonly number[]>> } {
  return JSON.parse(readFileSync(join(project.dir, '.greenroom', 'durations.json'), 'utf8')) as ReturnType<
    typeof recorded
  >;
}
