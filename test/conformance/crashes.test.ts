import { expect, test } from 'vitest';
import { eventually, Project } from '../support/project.ts';
import { isRunning } from '../support/leftovers.ts';
import { MAJORS } from '../support/vitest-project.ts';
import { coordinatorOf, count, spec, stage, suite, type Stage } from './stage.ts';

const HOLDS = `await sees('go', signal);`;
const HELD = {
  'specs/a.test.ts': spec('a', HOLDS),
  'specs/b.test.ts': spec('b', HOLDS),
  'specs/c.test.ts': spec('c', HOLDS),
};

const pidOf = (play: Stage, name: string): number =>
  play.journal().findLast(({ who, what }) => who === 'spec' && what === name)?.pid ?? -1;

test.each(MAJORS)(
  '(A) a worker is killed in its spec: the run ends, says so, and is torn down (Vitest %i)',
  async (major) => {
    await using play = stage(HELD, major);
    const run = play.start('run', '--pool=forks');
    for (const name of ['a', 'b', 'c']) await play.reaches(`spec ${name}`);
    process.kill(pidOf(play, 'b'), 'SIGKILL');
    play.write('go', '');
    const { exitCode, output, files } = await run.ended;
    expect(exitCode, output).toBe(1);
    const specs = files.flatMap(({ assertionResults }) => assertionResults);
    expect(specs.filter(({ status }) => status === 'passed')).toHaveLength(2);
    expect(output).toMatch(/collected 3 = 2 passed/);
    await play.nothingLeft();
    expect(count(play.story(), 'after each')).toBe(2);
    expect(play.story().slice(-2)).toEqual(['after once', 'door shuts']);
  },
);

test.each(MAJORS)(
  '(B) the coordinator is killed in mid-run: nothing leaks, and its specs are told (Vitest %i)',
  async (major) => {
    await using play = stage(HELD, major);
    const run = play.start('run');
    for (const name of ['a', 'b', 'c']) await play.reaches(`spec ${name}`);
    process.kill(coordinatorOf(play), 'SIGKILL');
    play.write('go', '');
    const { exitCode, output } = await run.ended;
    expect(exitCode, output).toBeOneOf([10, 13]);
    expect(output).toContain('COORDINATOR_LOST');
    await play.nothingLeft();
  },
);

test.each(MAJORS)(
  '(C) the main process is killed: workers go, and the coordinator runs the final once (Vitest %i)',
  async (major) => {
    await using play = stage(HELD, major);
    const run = play.start('run');
    for (const name of ['a', 'b', 'c']) await play.reaches(`spec ${name}`);
    const workers = ['a', 'b', 'c'].map((name) => pidOf(play, name));
    run.kill('SIGKILL');
    await run.ended;
    play.write('go', '');
    await play.nothingLeft();
    expect(workers.filter(isRunning)).toEqual([]);
    expect(play.story().slice(-2)).toEqual(['after once', 'door shuts']);
  },
);

test.each(MAJORS)('(D) SIGTERM to the main process alone is no less than to all (Vitest %i)', async (major) => {
  await using play = stage(HELD, major);
  const run = play.start('run');
  for (const name of ['a', 'b', 'c']) await play.reaches(`spec ${name}`);
  run.kill('SIGTERM');
  const { exitCode, output } = await run.ended;
  expect(exitCode, output).toBe(143);
  await play.nothingLeft();
  expect(play.story().slice(-2)).toEqual(['after once', 'door shuts']);
});

test('(E) a worker is frozen: after its time it holds nothing up', async () => {
  const config = `
import { command, defineConfig, http } from 'greenroom';
const door = command({ run: ['node', 'door.mjs'], ready: http('/') });
export default defineConfig({ resources: { door }, suite: { module: './suite.ts' }, linger: 0, leaseTimeout: 300 });
`;
  await using play = stage({ ...HELD, 'greenroom.config.ts': config });
  const run = play.start('run');
  for (const name of ['a', 'b', 'c']) await play.reaches(`spec ${name}`);
  const frozen = pidOf(play, 'b');
  process.kill(frozen, 'SIGSTOP');
  try {
    play.write('go', '');
    run.kill('SIGTERM');
    await run.ended;
    await play.reaches('door shuts');
    expect(play.story().slice(-2)).toEqual(['after once', 'door shuts']);
  } finally {
    // Vitest may have done so when it ended.
    if (isRunning(frozen)) process.kill(frozen, 'SIGKILL');
  }
});

test('(F) a worker that comes when the teardown has begun belongs to the next generation, or is told', async () => {
  await using project = new Project(`
    const api = command({ run: ['node', 'service.mjs'], ready: http('/health') });
    export default defineConfig({ resources: { api }, linger: 0 });
  `);
  const first = await project.join('worker');
  const { file } = await first.hears('joined');
  await first.ready();
  first.kill();
  const [late, runner] = [project.spawn('worker', { GREENROOM_FILE: file }), project.spawn('runner')];
  const [lateWelcome, welcome] = await Promise.all([late.hears('joined'), runner.hears('joined')]);
  const { endpoints } = await late.ready();
  expect(lateWelcome.generation).toBe(welcome.generation);
  expect((await fetch(endpoints.api.url)).status).toBe(200);
});

test('(G) two runs at once share one start, and the later one tears down', async () => {
  await using play = stage(HELD);
  const [first, second] = [play.start('run'), play.start('run')];
  for (const name of ['a', 'b', 'c']) await play.reaches(`spec ${name}`, 2);
  play.write('go', '');
  expect((await first.ended).exitCode).toBe(0);
  expect((await second.ended).exitCode).toBe(0);
  await play.nothingLeft();
  for (const words of ['door opens', 'before once', 'after once', 'door shuts']) {
    expect(count(play.story(), words), words).toBe(1);
  }
  expect(count(play.story(), 'before each')).toBe(6);
});

test.each(MAJORS)(
  '(H) the infrastructure dies in mid-run: the next files are told at once (Vitest %i)',
  async (major) => {
    const door = `
import { write } from './journal.ts';
import { createServer } from 'node:http';
createServer((request, response) => { response.end('open'); if (request.url === '/die') process.exit(3); })
  .listen(Number(process.env.PORT), '127.0.0.1', () => write('door', 'opens'));
`;
    // What is brought back fails nobody but who was using it.
    const config = `
import { command, defineConfig, http } from 'greenroom';
const door = command({ run: ['node', 'door.mjs'], ready: http('/'), restart: false });
export default defineConfig({ resources: { door }, suite: { module: './suite.ts' }, linger: 0 });
`;
    await using play = stage(
      {
        'greenroom.config.ts': config,
        'door.mjs': door,
        'specs/a.test.ts': spec('a', `await fetch(process.env.GREENROOM_DOOR_URL + '/die').catch(() => {});`),
        'specs/b.test.ts': spec('b'),
        'specs/c.test.ts': spec('c'),
      },
      major,
    );
    const { exitCode, output, files } = await play.vitest('run', '--maxWorkers=1', '--sequence.shuffle=false');
    expect(exitCode, output).toBe(10);
    expect(output).toContain('RESOURCE_LOST');
    expect(files.filter(({ status }) => status === 'failed').length).toBeGreaterThanOrEqual(2);
    expect(output).toContain('exited with code 3');
  },
);

test('(I) a once body hangs: everybody is told at its deadline', async () => {
  const config = `
import { command, defineConfig, http } from 'greenroom';
const door = command({ run: ['node', 'door.mjs'], ready: http('/') });
export default defineConfig({ resources: { door }, suite: { module: './suite.ts', startTimeout: 500 }, linger: 0 });
`;
  await using play = stage({
    'greenroom.config.ts': config,
    'suite.ts': suite({ beforeOnce: `await new Promise(() => {});` }),
  });
  const runs = [play.start('run'), play.start('run')];
  for (const run of runs) {
    const { exitCode, output } = await run.ended;
    expect(exitCode, output).toBe(11);
    expect(output).toMatch(/500 ms/);
  }
  await eventually(() => play.story().includes('after once') || undefined, 'the final body to run');
});
