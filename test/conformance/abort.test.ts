import { expect, test } from 'vitest';
import { MAJORS } from '../support/vitest-project.ts';
import { count, spec, stage, suite } from './stage.ts';

const FAILS = `await sees('others', signal); expect('this').toBe('that');`;
const LONG = `await sees('never', signal);`;

/** Two files run when the first of them fails; four more wait for their turn. */
const files = {
  'specs/a.test.ts': spec('a', FAILS, `afterEach(() => write('clean-up', 'a'));`),
  'specs/b.test.ts': spec('b', LONG, `afterEach(() => write('clean-up', 'b'));`),
  'specs/c.test.ts': spec('c'),
  'specs/d.test.ts': spec('d'),
  'specs/e.test.ts': spec('e'),
  'specs/f.test.ts': spec('f'),
};
const ARGS = ['run', '--bail=1', '--maxWorkers=2'];

test.each(MAJORS)(
  'rows 24, 26 and 29: a failed spec with bail cancels the others; its clean-up and the after bodies run (Vitest %i)',
  async (major) => {
    await using play = stage(files, major);
    const run = play.start(...ARGS);
    await play.reaches('spec a');
    await play.reaches('spec b');
    play.write('others', '');
    const { exitCode, output } = await run.ended;
    expect(exitCode, output).toBe(1);
    const story = play.story();
    expect(story, 'row 29').toContain('clean-up a');
    expect(count(story, 'after once'), 'row 29').toBe(1);
    expect(
      story.filter((line) => /spec [cdef]/.test(line)),
      'row 26',
    ).toEqual([]);
    // Row 24: told apart from a spec that failed, and from one that was meant to be skipped.
    expect(output).toMatch(/collected 6 = 0 passed \+ 1 failed \+ 0 skipped \+ 1 interrupted \+ 4 never ran/);
  },
);

test('row 25: the clean-up of other workers is not interrupted', async () => {
  await using play = stage({
    ...files,
    'suite.ts': suite({ afterEach: `await sees('leave', signal); write('clean-up', 'whole');` }),
  });
  const run = play.start(...ARGS);
  await play.reaches('spec a');
  await play.reaches('spec b');
  play.write('others', '');
  await play.reaches('after each', 2);
  play.write('leave', '');
  await run.ended;
  expect(count(play.story(), 'clean-up whole')).toBe(2);
});

test('row 28: a spec that runs elsewhere is told at once, not with its next step', { repeats: 2 }, async () => {
  await using play = stage({
    ...files,
    // It asks nobody: only what is pushed to it can end it before its own time-out.
    'specs/b.test.ts': spec(
      'b',
      `await new Promise((told) => signal.addEventListener('abort', told)); write('spec', 'told');`,
    ),
  });
  const run = play.start(...ARGS);
  await play.reaches('spec a');
  await play.reaches('spec b');
  play.write('others', '');
  await run.ended;
  expect(play.story()).toContain('spec told');
});
