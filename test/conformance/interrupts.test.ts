import { expect, test } from 'vitest';
import { MAJORS } from '../support/vitest-project.ts';
import { count, spec, stage, suite } from './stage.ts';

/** One file that runs until it is told to stop, beside others that wait for their turn. */
const LONG = {
  'specs/a.test.ts': spec('a', `await sees('never', signal);`),
  'specs/b.test.ts': spec('b', `await sees('never', signal);`),
  'specs/c.test.ts': spec('c', `await sees('never', signal);`),
};
const SIGNALS = [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const;

test('row 19: an interrupt while the once body runs: the final one runs, no spec does, and the reason is recorded', async () => {
  await using play = stage({ 'suite.ts': suite({ beforeOnce: `await sees('never', signal);` }) });
  const run = play.start('run');
  await play.reaches('before once');
  run.kill('SIGINT');
  const { exitCode, output } = await run.ended;
  expect(exitCode).toBe(130);
  expect(output).toContain('SIGINT');
  await play.nothingLeft();
  expect(play.story()).not.toContain('spec a');
  expect(count(play.story(), 'after once')).toBe(1);
});

test.each(SIGNALS)('row 20, level 1: %s cancels the specs, runs the clean-up, and reports', async (signal, code) => {
  for (const major of MAJORS) {
    await using play = stage(LONG, major);
    const run = play.start('run', '--maxWorkers=2');
    await play.reaches('spec b', 1);
    await play.reaches('spec a', 1);
    run.kill(signal);
    const { exitCode, output } = await run.ended;
    expect(exitCode, output).toBe(code);
    expect(output, 'the summary is printed').toMatch(/Test Files/);
    await play.nothingLeft();
    expect(play.story(), 'what waited did not begin').not.toContain('spec c');
    expect(count(play.story(), 'after each')).toBe(2);
    expect(play.story().slice(-2)).toEqual(['after once', 'door shuts']);
  }
});

test('row 20, level 2: a second interrupt does not wait for clean-ups in workers, and still reports', async () => {
  await using play = stage({ ...LONG, 'suite.ts': suite({ afterEach: `await sees('never');`, eachTimeout: 60_000 }) });
  const run = play.start('run', '--maxWorkers=2');
  await play.reaches('spec a');
  await play.reaches('spec b');
  run.kill('SIGINT');
  await play.reaches('after each', 2);
  run.kill('SIGINT');
  const { exitCode, output } = await run.ended;
  expect(exitCode, output).toBe(130);
  expect(output).toMatch(/Test Files|interrupted/);
  await play.nothingLeft();
  expect(play.story().at(-1)).toBe('door shuts');
});

test('row 20, level 3: a third interrupt ends the process at once, and the coordinator takes down what is left', async () => {
  await using play = stage({ ...LONG, 'suite.ts': suite({ afterEach: `await sees('never');`, eachTimeout: 60_000 }) });
  const run = play.start('run', '--maxWorkers=2');
  await play.reaches('spec a');
  await play.reaches('spec b');
  for (let level = 1; level <= 3; level += 1) run.kill('SIGINT');
  const { exitCode, signal } = await run.ended;
  expect(exitCode ?? signal).toBeOneOf([130, 'SIGINT']);
  await play.nothingLeft();
  expect(play.story().slice(-2)).toEqual(['after once', 'door shuts']);
});

test('row 21: further interrupts change nothing', async () => {
  await using play = stage(LONG);
  const run = play.start('run', '--maxWorkers=2');
  await play.reaches('spec a');
  for (let again = 0; again < 12; again += 1) run.kill('SIGINT');
  const { exitCode, signal } = await run.ended;
  expect(exitCode ?? signal).toBeOneOf([130, 'SIGINT']);
  await play.nothingLeft();
  expect(count(play.story(), 'after once')).toBe(1);
});

test('row 23: an interrupt while a reporter is stuck: the others still report', async () => {
  await using play = stage({
    'vitest.config.ts': `
import greenroom from 'greenroom/vitest';
import { defineConfig } from 'vitest/config';
import { sees, write } from './journal.ts';
const reporter = { async onTestRunEnd() { write('report', 'stuck'); await sees('never'); } };
const stuck = { name: 'stuck', configureVitest: ({ vitest }) => void vitest.config.reporters.push(reporter) };
export default defineConfig({
  plugins: [stuck, greenroom()],
  test: { include: ['specs/*.test.ts'], maxWorkers: 3, teardownTimeout: 1_000 },
});
`,
  });
  const run = play.start('run');
  await play.reaches('report stuck');
  run.kill('SIGINT');
  const { exitCode, output } = await run.ended;
  expect(exitCode, output).toBe(130);
  expect(output).toMatch(/Test Files\s+3 passed/);
});

test('row 27: an interrupt after a failed spec has ended the run keeps its own cause', async () => {
  await using play = stage({
    ...LONG,
    'specs/a.test.ts': spec('a', `await sees('others', signal); expect(1).toBe(2);`),
    'suite.ts': suite({ afterEach: `await sees('leave', signal);` }),
  });
  const run = play.start('run', '--bail=1', '--maxWorkers=2');
  await play.reaches('spec a');
  await play.reaches('spec b');
  play.write('others', '');
  await play.reaches('after each');
  run.kill('SIGTERM');
  play.write('leave', '');
  const { exitCode, output } = await run.ended;
  expect(exitCode, output).toBe(143);
  expect(count(play.story(), 'after once')).toBe(1);
});
