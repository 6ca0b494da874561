import { expect, test } from 'vitest';
import { MAJORS } from '../support/vitest-project.ts';
import { coordinatorOf, count, spec, stage, suite } from './stage.ts';

const ONE_WORKER = ['run', '--maxWorkers=1', '--no-isolate'];

test.each(MAJORS)('row 1: one worker runs all bodies in order, with the data handed on (Vitest %i)', async (major) => {
  await using play = stage({}, major);
  const { exitCode, output } = await play.vitest(...ONE_WORKER);
  expect(exitCode, output).toBe(0);
  await play.nothingLeft();
  const specs = ['spec a', 'spec a', 'spec b', 'spec b', 'spec c', 'spec c'];
  expect(play.story()).toEqual([
    'door opens',
    'before once',
    'before each',
    ...specs,
    'after each',
    'after once',
    'door shuts',
  ]);
  const each = play.journal().find(({ who, what }) => who === 'before' && what === 'each');
  expect(each?.value).toEqual({ answer: [42, 'é'] });
});

test('row 2: with three workers the once body runs exactly once, in none of them', async () => {
  await using play = stage();
  await play.vitest('run');
  const once = play.journal().filter(({ who, what }) => who === 'before' && what === 'once');
  expect(once).toHaveLength(1);
  const specs = new Set(play.journal().flatMap(({ who, pid }) => (who === 'spec' ? [pid] : [])));
  expect(specs.size).toBe(3);
  expect(specs).not.toContain(once[0]?.pid);
});

test.each(MAJORS)('row 3: the each body runs in every worker, with the same value (Vitest %i)', async (major) => {
  await using play = stage({}, major);
  await play.vitest('run');
  const each = play.journal().filter(({ who, what }) => who === 'before' && what === 'each');
  const specs = play.journal().filter(({ who }) => who === 'spec');
  expect(new Set(each.map(({ pid }) => pid))).toEqual(new Set(specs.map(({ pid }) => pid)));
  expect(each).toHaveLength(3);
  expect(new Set(each.map(({ value }) => JSON.stringify(value)))).toEqual(new Set(['{"answer":[42,"é"]}']));
});

test('row 4: returning nothing is legal, and is null for every worker', async () => {
  await using play = stage({ 'suite.ts': suite({}) });
  const { exitCode, output } = await play.vitest('run');
  expect(exitCode, output).toBe(0);
  const each = play.journal().filter(({ who, what }) => who === 'before' && what === 'each');
  expect(each.map(({ value }) => value)).toEqual([null, null, null]);
});

test('row 5: workers wait until the value is published, then go on', async () => {
  await using play = stage({ 'suite.ts': suite({ beforeOnce: `await sees('go', signal); return 7;` }) });
  const run = play.start('run');
  await play.reaches('before once');
  expect(play.story()).toEqual(['door opens', 'before once']);
  play.write('go', '');
  expect((await run.ended).exitCode).toBe(0);
  expect(count(play.story(), 'before each')).toBe(3);
});

test.each(MAJORS)(
  'row 6: the once body fails: no each body and no spec, but both after bodies (Vitest %i)',
  async (major) => {
    await using play = stage({ 'suite.ts': suite({ beforeOnce: `throw new Error('no licence');` }) }, major);
    const { exitCode, files, output } = await play.vitest('run');
    expect(exitCode).toBe(11);
    expect(output).toContain('no licence');
    expect(files.map(({ status }) => status)).toEqual(['failed', 'failed', 'failed']);
    await play.nothingLeft();
    const story = play.story();
    expect(story.slice(0, 2)).toEqual(['door opens', 'before once']);
    expect(count(story, 'before each') + story.filter((line) => line.startsWith('spec')).length).toBe(0);
    expect(count(story, 'after each')).toBe(3);
    expect(count(story, 'after once')).toBe(1);
  },
);

test.each(MAJORS)(
  'row 7: an each body fails: its worker runs no specs, the others do, and all after bodies run (Vitest %i)',
  async (major) => {
    const beforeEach = `
    const { mkdirSync } = await import('node:fs');
    try { mkdirSync(new URL('./first', import.meta.url)); } catch { return; }
    throw new Error('the first worker trips');`;
    await using play = stage({ 'suite.ts': suite({ beforeEach }) }, major);
    const { exitCode, files, output } = await play.vitest('run', '--maxWorkers=1');
    expect(exitCode).not.toBe(0);
    expect(output).toContain('the first worker trips');
    expect(files.map(({ status }) => status).toSorted()).toEqual(['failed', 'passed', 'passed']);
    const story = play.story();
    expect(story.filter((line) => line.startsWith('spec'))).toHaveLength(4);
    expect(count(story, 'after each')).toBe(3);
    expect(count(story, 'after once')).toBe(1);
  },
);

test('row 8, changed: a once body that fails is one infrastructure failure, and the files are blocked by it', async () => {
  await using play = stage({ 'suite.ts': suite({ beforeOnce: `throw new Error('no licence');` }) });
  const { files } = await play.vitest('run');
  expect(count(play.story(), 'before once'), 'nobody tries again').toBe(1);
  for (const { message, assertionResults } of files) {
    expect(message).toContain('blocked by');
    for (const { meta } of assertionResults) expect(meta['greenroom']).toMatchObject({ verdict: 'NEVER_RAN' });
  }
});

test.each(MAJORS)(
  'row 9: the once body skips: every spec is skipped, the run passes, the after bodies run (Vitest %i)',
  async (major) => {
    await using play = stage({ 'suite.ts': suite({ beforeOnce: `skip('no GPU here');` }) }, major);
    const { exitCode, files, output } = await play.vitest('run');
    expect(exitCode, output).toBe(0);
    const specs = files.flatMap(({ assertionResults }) => assertionResults);
    expect(specs.map(({ status }) => status)).toEqual(specs.map(() => 'skipped'));
    expect(specs).toHaveLength(6);
    expect(play.story()).not.toContain('spec a');
    expect(play.story()).not.toContain('before each');
    expect(count(play.story(), 'after once')).toBe(1);
  },
);

test('row 10: who runs the once body disappears before it has published: all are told so, and the after bodies run', async () => {
  await using play = stage({ 'suite.ts': suite({ beforeOnce: `process.kill(process.pid, 'SIGKILL');` }) });
  const { exitCode, output } = await play.vitest('run');
  expect(exitCode).toBe(11);
  expect(output).toContain('CONFIG_HOST_LOST');
  expect(play.story()).not.toContain('spec a');
  expect(count(play.story(), 'after each')).toBe(3);
  expect(count(play.story(), 'after once')).toBe(1);
});

test('row 10: the coordinator disappears before the value is published: nobody hangs, and its successor begins anew', async () => {
  await using play = stage({ 'suite.ts': suite({ beforeOnce: `await sees('go', signal);` }) });
  const run = play.start('run');
  await play.reaches('before once');
  const [events = []] = play.generations();
  expect(events.some(({ kind }) => kind === 'joined')).toBe(true);
  process.kill(coordinatorOf(play), 'SIGKILL');
  play.write('go', '');
  const { exitCode, output } = await run.ended;
  if (exitCode !== 0) expect(output).toContain('COORDINATOR_LOST');
  expect([0, 13]).toContain(exitCode);
});

test('a suite module may be written for a worker that runs several files', async () => {
  await using play = stage({ 'specs/d.test.ts': spec('d') });
  await play.vitest('run', '--maxWorkers=2', '--no-isolate');
  const each = play.journal().filter(({ who, what }) => who === 'before' && what === 'each');
  const ends = play.journal().filter(({ who, what }) => who === 'after' && what === 'each');
  expect(new Set(each.map(({ pid }) => pid)).size).toBe(each.length);
  expect(ends).toHaveLength(each.length);
  expect(new Set(ends.map(({ pid }) => pid))).toEqual(new Set(each.map(({ pid }) => pid)));
});
