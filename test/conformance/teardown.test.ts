import { expect, test } from 'vitest';
import { MAJORS } from '../support/vitest-project.ts';
import { count, spec, stage, suite } from './stage.ts';

test.each(MAJORS)(
  'row 11: an after-each body fails: the final once still runs, and the suite fails (Vitest %i)',
  async (major) => {
    await using play = stage({ 'suite.ts': suite({ afterEach: `throw new Error('stuck zip');` }) }, major);
    const { exitCode, output } = await play.vitest('run');
    expect(exitCode).not.toBe(0);
    expect(output).toContain('stuck zip');
    expect(count(play.story(), 'after each')).toBe(3);
    expect(count(play.story(), 'after once')).toBe(1);
  },
);

test.each(MAJORS)('row 11: the same in a worker that runs all files (Vitest %i)', async (major) => {
  await using play = stage({ 'suite.ts': suite({ afterEach: `throw new Error('stuck zip');` }) }, major);
  const { exitCode, output } = await play.vitest('run', '--no-isolate', '--maxWorkers=1');
  expect(output).toContain('stuck zip');
  expect(exitCode).not.toBe(0);
  expect(count(play.story(), 'after each')).toBe(1);
  expect(count(play.story(), 'after once')).toBe(1);
});

test.each(MAJORS)(
  'row 12: the final once fails: all else ran and is reported, with an exit code of its own (Vitest %i)',
  async (major) => {
    await using play = stage({ 'suite.ts': suite({ afterOnce: `throw new Error('vault is stuck');` }) }, major);
    const { exitCode, files, output } = await play.vitest('run');
    expect(exitCode).toBe(10);
    expect(output).toContain('vault is stuck');
    expect(output).toContain('AFTER_SUITE_FAILED');
    expect(files.map(({ status }) => status)).toEqual(['passed', 'passed', 'passed']);
  },
);

test('row 13: the final once waits until every worker has given its lease back', async () => {
  await using play = stage({ 'suite.ts': suite({ afterEach: `await sees('leave', signal);` }) });
  const run = play.start('run');
  await play.reaches('after each', 3);
  expect(play.story()).not.toContain('after once');
  play.write('leave', '');
  expect((await run.ended).exitCode).toBe(0);
  const [events = []] = play.generations();
  const worker = new Set(
    events.flatMap((event) => (event.kind === 'joined' && event.role === 'worker' ? [event.lease] : [])),
  );
  const lastLeft = events.findLastIndex((event) => event.kind === 'left' && worker.has(event.lease));
  const asked = events.findIndex((event) => event.kind === 'finishing');
  expect(worker.size).toBe(3);
  expect(asked).toBeGreaterThan(lastLeft);
  await play.nothingLeft();
  expect(play.story().slice(-2)).toEqual(['after once', 'door shuts']);
});

const register = (name: string): string => `onCleanup(() => write('clean-up', '${name}'));`;

test('row 14: clean-ups run after the final once, the last registered first', async () => {
  const bodies = {
    beforeOnce: register('before 1') + register('before 2'),
    afterOnce: register('after 1') + register('after 2'),
  };
  await using play = stage({ 'suite.ts': suite(bodies) });
  await play.vitest('run');
  await play.nothingLeft();
  expect(play.story().slice(-6)).toEqual([
    'after once',
    'clean-up after 2',
    'clean-up after 1',
    'clean-up before 2',
    'clean-up before 1',
    'door shuts',
  ]);
});

test('row 15: a clean-up of the first once waits for the last worker, also without a synchronizedAfterSuite', async () => {
  const module = suite({ beforeOnce: register('once') }).replace(/synchronizedAfterSuite\([^]*$/, '');
  await using play = stage({ 'suite.ts': module.replace('synchronizedAfterSuite, ', '') });
  const { exitCode, output } = await play.vitest('run');
  expect(exitCode, output).toBe(0);
  await play.nothingLeft();
  expect(play.story().slice(-2)).toEqual(['clean-up once', 'door shuts']);
  expect(play.story().filter((line) => line.startsWith('spec'))).toHaveLength(6);
});

test('row 16: a clean-up of an each body runs at the end of its worker, and waits for nobody', async () => {
  const specs = {
    'specs/a.test.ts': spec('a'),
    'specs/b.test.ts': spec('b', `await sees('clean', signal);`),
    'specs/c.test.ts': spec('c'),
  };
  await using play = stage({ 'suite.ts': suite({ beforeEach: register('each') }), ...specs });
  const run = play.start('run');
  await play.reaches('clean-up each', 2);
  expect(play.story().filter((line) => line === 'after each')).toHaveLength(2);
  play.write('clean', '');
  expect((await run.ended).exitCode).toBe(0);
  expect(count(play.story(), 'clean-up each')).toBe(3);
});

test('row 17: clean-ups may be registered from code that runs at the same time', async () => {
  const beforeOnce = `
    await Promise.all([1, 2, 3, 4].map(async (n) => {
      await new Promise((next) => setImmediate(next));
      onCleanup(() => write('clean-up', String(n)));
    }));`;
  await using play = stage({ 'suite.ts': suite({ beforeOnce }) });
  await play.vitest('run');
  const cleanUps = play.story().filter((line) => line.startsWith('clean-up'));
  expect(cleanUps.toSorted()).toEqual(['clean-up 1', 'clean-up 2', 'clean-up 3', 'clean-up 4']);
});

const HANG = `await new Promise(() => {});`;
const quick = (text: string): string =>
  text.replace('startTimeout: 20_000, stopTimeout: 3_000', 'startTimeout: 400, stopTimeout: 400');
const config = `
import { command, defineConfig, http } from 'greenroom';
const door = command({ run: ['node', 'door.mjs'], ready: http('/') });
export default defineConfig({
  resources: { door },
  suite: { module: './suite.ts', startTimeout: 20_000, stopTimeout: 3_000 },
  linger: 0,
});
`;

test.each([
  ['beforeOnce', 'synchronizedBeforeSuite'],
  ['beforeEach', 'synchronizedBeforeSuite'],
  ['afterEach', 'synchronizedAfterSuite'],
  ['afterOnce', 'synchronizedAfterSuite'],
] as const)('row 18: %s has a clock of its own, and the teardown runs when it is up', async (body, name) => {
  await using play = stage({
    'greenroom.config.ts': quick(config),
    'suite.ts': suite({ [body]: HANG, eachTimeout: 400 }),
  });
  const { exitCode, output } = await play.vitest('run');
  expect(exitCode).not.toBe(0);
  expect(output).toMatch(/400 ms/);
  expect(output).toMatch(body === 'beforeOnce' ? /suite/ : name);
  await play.nothingLeft();
  const ran = play.story().filter((line) => line.startsWith('spec')).length;
  expect(ran).toBe(body.startsWith('before') ? 0 : 6);
  expect(count(play.story(), 'after once')).toBe(1);
  expect(play.story().at(-1)).toBe('door shuts');
});

test('row 22: a clean-up that is stuck is left alone after its time, and the next one runs', async () => {
  await using play = stage({
    'greenroom.config.ts': quick(config),
    'suite.ts': suite({ beforeOnce: `${register('first')} onCleanup(() => new Promise(() => {}));` }),
  });
  const { exitCode, output } = await play.vitest('run');
  expect(exitCode).toBe(10);
  expect(output).toContain('clean-up of the suite did not end within 400 ms');
  await play.nothingLeft();
  expect(count(play.story(), 'clean-up first')).toBe(1);
});
