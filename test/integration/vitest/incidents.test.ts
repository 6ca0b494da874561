/** What failed specs are put down to when a service fails under them, and how that is told. */
import { describe, expect, test } from 'vitest';
import { execa } from 'execa';
import { join } from 'node:path';
import { lastSummary } from '../../support/run-summary.ts';
import { NEWEST, vitestProject, type VitestProject } from '../../support/vitest-project.ts';

const CONFIG = `
  import { command, defineConfig, http } from 'greenroom';
  const restart = { max: 20, backoff: 1 };
  const service = (name) => command({ run: ['node', 'mortal.mjs', name], ready: http('/', { timeout: 300 }), restart });
  export default defineConfig({ resources: { api: service('api'), other: service('other') }, linger: 0 });
`;

/** Dies, stops or falls ill when it is told to. */
const MORTAL = `
  import { createServer } from 'node:http';
  let ill = false;
  const acts = {
    '/die': () => process.kill(process.pid, 'SIGKILL'),
    '/stop': () => process.kill(process.pid, 'SIGSTOP'),
    '/ill': () => (ill = true),
  };
  createServer(({ url }, response) => {
    acts[url]?.();
    response.writeHead(ill ? 503 : 200).end();
  }).listen(Number(process.env.PORT), '127.0.0.1', () => console.log(process.argv[2] + ' listens'));
`;

const HEAD = `/** @needs api */
  import { get } from 'node:http';
  import { afterEach, expect, test } from 'vitest';
  const ask = async (path = '/', ms = 5_000) =>
    (await fetch(process.env.GREENROOM_API_URL + path, { signal: AbortSignal.timeout(ms) })).status;
`;
const OTHER = `/** @needs other */
  import { test } from 'vitest';
  test('is there', () => fetch(process.env.GREENROOM_OTHER_URL));
`;

const OF_INFRA = `
  test('loses its request', () => ask('/die'));
  test('loses it by another client', () =>
    new Promise((resolve, reject) => get(process.env.GREENROOM_API_URL + '/die', resolve).on('error', reject)));
`;
const UNSURE = `
  test('has no answer in time', () => ask('/stop', 1_500));
  test('has another answer', async () => {
    await ask('/ill');
    expect(await ask()).toBe(200);
  });
  test('goes wrong beside it', async () => {
    await ask('/die').catch(() => undefined);
    throw new Error('own');
  });
`;
const OWN = `
  test('is wrong', () => expect(1).toBe(2));
  afterEach(({ task }) => (task.name.startsWith('is wrong before') ? ask('/die').catch(() => undefined) : undefined));
  test('is wrong before its clean-up breaks something', () => {
    throw new Error('own');
  });
  test('asks nobody', () => fetch('http://127.0.0.1:9'));
  test('runs out of time', { timeout: 200 }, () => new Promise(() => undefined));
`;

const project = (major: (typeof NEWEST)[number], specs: string): VitestProject =>
  vitestProject(
    {
      'greenroom.config.ts': CONFIG,
      'mortal.mjs': MORTAL,
      'specs/api.test.ts': HEAD + specs,
      'specs/other.test.ts': OTHER,
    },
    { major, fixture: 'vitest-report' },
  );

describe.each(NEWEST)('on Vitest %i', (major) => {
  test('only incidents: each failure names its own, and the code is 10', async () => {
    await using run = project(major, OF_INFRA);
    const { exitCode, output } = await run.vitest('run');
    expect(exitCode, output).toBe(10);
    const { verdicts, incidents } = lastSummary(run.dir);
    expect(verdicts.map(({ name, verdict, code, incident }) => [name, verdict, code, incident])).toEqual([
      ['loses its request', 'INFRA', 'RESOURCE_LOST', 'I-1'],
      ['loses it by another client', 'INFRA', 'RESOURCE_LOST', 'I-2'],
    ]);
    expect(incidents.map(({ id, resource, log }) => [id, resource, log])).toEqual([
      ['I-1', 'api', ['api listens']],
      ['I-2', 'api', ['api listens', 'api listens']],
    ]);
    expect(output).toMatch(/× I-1 api .*: api was ended by SIGKILL while in use, restarted once \[RESOURCE_LOST\]/);
    expect(output).toContain('next: greenroom logs api, greenroom explain');
    const said = await explain(run, 'loses its request');
    expect(said).toMatch(/^INFRA {2}specs\/api\.test\.ts(?::\d+)? {2}loses its request {2}not your code$/m);
    expect(said).toMatch(/that is api, in incident I-1: api was ended by SIGKILL/);
    expect(said).toContain('    | api listens');
  });

  test('what could be either is UNSURE, and the code is 14', async () => {
    await using run = project(major, UNSURE);
    const { exitCode, output } = await run.vitest('run');
    expect(exitCode, output).toBe(14);
    const { verdicts } = lastSummary(run.dir);
    expect(verdicts.map(({ name, verdict, incident }) => [name, verdict, incident])).toEqual([
      ['has no answer in time', 'UNSURE', 'I-1'],
      ['has another answer', 'UNSURE', 'I-2'],
      ['goes wrong beside it', 'UNSURE', 'I-3'],
    ]);
    expect(output).toMatch(/UNSURE {2}3 failed +needs a rerun/);
    expect(output).toMatch(/time ran out while it could use api, in incident I-1/);
    expect(await explain(run, 'has no answer')).toContain(
      'next: npx vitest run specs/api.test.ts -t "has no answer in time"',
    );
  });

  test('the tests’ own failures stay their own, also beside an incident of what they do not need', async () => {
    const killing = OTHER.replace(
      'fetch(process.env.GREENROOM_OTHER_URL)',
      "fetch(process.env.GREENROOM_OTHER_URL + '/die')",
    );
    await using run = project(major, OWN);
    run.write('specs/other.test.ts', killing);
    const { exitCode, output } = await run.vitest('run');
    expect(exitCode, output).toBe(1);
    const { verdicts } = lastSummary(run.dir);
    expect(Object.fromEntries(verdicts.map(({ name, verdict }) => [name, verdict]))).toEqual({
      'is wrong': 'LOGIC',
      'is wrong before its clean-up breaks something': 'LOGIC',
      'asks nobody': 'LOGIC',
      'runs out of time': 'LOGIC',
      'is there': 'INFRA',
    });
  });
});

test('an incident for which nothing failed is told, and the run passes', async () => {
  await using run = project(
    5,
    `test('does not mind', () => ask('/die').catch(() => undefined));\ntest('goes on', () => expect.poll(() => ask().catch(() => 0), { timeout: 20_000 }).toBe(200));`,
  );
  const { exitCode, output } = await run.vitest('run');
  expect(exitCode, output).toBe(0);
  expect(output).toMatch(/INCIDENTS {2}1, for which no spec is known to have failed/);
});

async function explain({ dir }: VitestProject, spec: string): Promise<string> {
  const program = join(dir, 'node_modules/greenroom/dist/src/cli/main.js');
  return (await execa(process.execPath, [program, 'explain', spec], { cwd: dir })).stdout;
}
