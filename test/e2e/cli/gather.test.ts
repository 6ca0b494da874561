import { execFileSync } from 'node:child_process';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { archived, bundlesIn, open, type Bundle } from '../../support/bundle.ts';
import { REPOSITORY } from '../../support/copy.ts';
import { cliProject, UNTIL_LOST } from '../../support/cli-project.ts';

/** Wherever they are planted, none of these may be in a bundle. */
const SECRETS = ['pl4nted-in-url', 'pl4nted-in-log', 'pl4nted-in-env', 'pl4nted-in-config', 'pl4nted-passed'];

/** Says its secrets, answers 503 for ever, and has a child. */
const NEVER_READY = `
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
console.log('connecting to postgres://app:pl4nted-in-url@127.0.0.1:1/db');
console.log(JSON.stringify({ api_key: 'pl4nted-in-log', n: 1 }), 'env says', process.env.GREETING_TOKEN, process.env.PASSED_SECRET);
spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', 'a-child-of-store'], { stdio: 'ignore' });
createServer((_, response) => response.writeHead(503).end()).listen(Number(process.env.PORT), '127.0.0.1');
`;
const CONFIG = `
import { command, defineConfig, gate, http } from 'greenroom';
const store = command({
  run: ['node', 'server.mjs', 'store', '--password', 'pl4nted-in-config'],
  env: { GREETING_TOKEN: 'pl4nted-in-env' },
  ready: http('/health'),
  startTimeout: 6_000,
});
const api = command({ run: ['node', 'fine.mjs', 'api'], ready: http('/health') });
export default defineConfig({ resources: { store, api }, passEnv: ['PASSED_SECRET'], linger: 0 });
`;

function secretsOf(files: Bundle['files']): readonly string[] {
  return Object.entries(files).flatMap(([path, text]) =>
    SECRETS.filter((one) => text.includes(one)).map((one) => `${one} in ${path}`),
  );
}

test('a start that is late: what it was at is gathered before its teardown, in private and without secrets', async () => {
  await using project = cliProject({ 'greenroom.config.ts': CONFIG, 'server.mjs': NEVER_READY });
  project.write('fine.mjs', readFileSync(join(REPOSITORY, 'fixtures/cli/server.mjs'), 'utf8'));
  const { code, stderr } = await project.startWith({ PASSED_SECRET: 'pl4nted-passed' }, 'run', '--', 'true').result;
  expect(code).toBe(11);
  expect(stderr).toMatch(/^greenroom: gathered in \.greenroom\/gather\/[0-9a-f]{16}-1-1\.tar\.gz \([\d.]+ [KM]iB\)$/m);

  const [bundle, ...more] = bundlesIn(project.dir);
  if (bundle === undefined) throw new Error('there is no bundle');
  expect(more).toEqual([]);
  expect(open(bundle)).toEqual([]);
  const { files } = bundle;
  expect(secretsOf(files)).toEqual([]);
  expect(await archived(bundle)).toEqual(files);

  expect(files['index.md']).toContain('store was not ready within 6000 ms');
  expect(files['index.md']).toContain('## Missing\n\nNothing.\n');
  expect(Object.keys(files).toSorted()).toEqual([
    'config.json',
    'events.ndjson',
    'index.md',
    'logs/api.log',
    'logs/coordinator.log',
    'logs/store.log',
    'members.txt',
    'probes.txt',
    'processes.txt',
    'records/store.late.txt',
    'sockets.txt',
    'state.json',
    'status.txt',
    'times.txt',
    'versions.txt',
  ]);
  expect(files['logs/store.log']).toContain('connecting to postgres://app:***@127.0.0.1:1/db');
  expect(files['logs/store.log']).toContain('env says *** ***');
  // What was torn down by then was recorded before.
  expect(files['records/store.late.txt']).toMatch(/server\.mjs store --password \*\*\*/);
  expect(files['records/store.late.txt']).toContain('a-child-of-store');
  expect(files['records/store.late.txt']).toMatch(/LISTEN +127\.0\.0\.1:\d+/);
  // What had not failed was still there.
  expect(files['processes.txt']).toMatch(/fine\.mjs api/);
  expect(files['processes.txt']).toMatch(/workers\/coordinator\.js/);
  expect(files['sockets.txt']).toMatch(/LISTEN +127\.0\.0\.1:\d+/);
  expect(files['members.txt']).toMatch(/coordinator: alive[^]*L1 +runner/);
  expect(files['times.txt']).toMatch(/^time: start \d\.\ds/m);
  expect(files['probes.txt']).toMatch(/store +[\d:]+ +GET http:\/\/127\.0\.0\.1:\d+\/health: answered 503/);
  expect(JSON.parse(files['config.json'] ?? '')).toMatchObject({ linger: 0, env: { PASSED_SECRET: '***' } });
  expect(JSON.parse(files['state.json'] ?? '')).toMatchObject({
    resources: { store: { state: 'failed' }, api: { state: 'ready' } },
  });
  for (const line of (files['events.ndjson'] ?? '').trim().split('\n')) JSON.parse(line);
  expect(files['versions.txt']).toMatch(/^node +\d+\./m);
});

test('a gate that does not open in time', async () => {
  await using project = cliProject();
  project.write(
    'greenroom.config.ts',
    `import { command, defineConfig, gate, http } from 'greenroom';
     const store = command({ run: ['node', 'server.mjs', 'store'], ready: http('/health') });
     export default defineConfig({
       resources: { store },
       gates: { never: gate({ needs: { store }, probe: http('store', '/generation', (n) => n > 99), timeout: 500 }) },
       linger: 0,
     });`,
  );
  const late = await project.greenroom('run', '--', 'true');
  expect(late).toMatchObject({ code: 12, stderr: expect.stringContaining('gathered in') });
  const [first] = bundlesIn(project.dir);
  expect(first?.files['index.md']).toContain('[GATE_TIMEOUT]');
  expect(first?.files['probes.txt']).toMatch(/gate never/);
});

test('a resource that is lost under a command; nothing on a pass', async () => {
  await using project = cliProject();
  expect(await project.greenroom('run', '--', 'true')).toMatchObject({ code: 0 });
  expect(await project.greenroom('run', '--', 'false')).toMatchObject({ code: 1 });
  expect(bundlesIn(project.dir)).toEqual([]);
  const script = `await fetch(process.env.STORE_URL + '/exit').catch(() => {}); ${UNTIL_LOST} process.exit(3);`;
  const lost = await project.greenroom('run', '--', 'node', '-e', script);
  expect(lost).toMatchObject({ code: 3, stderr: expect.stringContaining('gathered in') });
  const [bundle] = bundlesIn(project.dir);
  expect(bundle?.files['index.md']).toContain('store exited with code 9 while in use');
  expect(bundle?.files['processes.txt']).toContain('server.mjs api');
});

test('the coordinator is lost: what it has left is gathered from its files', async () => {
  await using project = cliProject();
  const run = project.start('run', '--', 'node', 'signals.mjs', '1');
  await run.line('ready');
  const { pid } = JSON.parse((await project.greenroom('status', '--json')).stdout)[0] as { pid: number };
  process.kill(pid, 'SIGKILL');
  expect(await run.result).toMatchObject({ code: 13, stderr: expect.stringContaining('gathered in') });
  const [bundle] = bundlesIn(project.dir);
  expect(bundle?.files['members.txt']).toContain('coordinator: gone');
  expect(JSON.parse(bundle?.files['state.json'] ?? '')).toMatchObject({ phase: 'open' });
  // Its tombstone is the next generation's work.
  expect(await project.greenroom('run', '--', 'true')).toMatchObject({ code: 0 });
});

test('on demand: of what is up, of single resources, and of the last one when nothing is up', async () => {
  await using project = cliProject();
  const none = await project.greenroom('gather');
  expect(none).toMatchObject({ code: 2, stderr: expect.stringContaining('[NOTHING_RUNNING]') });
  await project.greenroom('up');
  const all = await project.greenroom('gather');
  expect(all.stdout).toMatch(/^\.greenroom\/gather\/[0-9a-f]{16}-1-1\.tar\.gz \([\d.]+ KiB\)$/);
  const one = JSON.parse((await project.greenroom('gather', 'store', '--json')).stdout) as { dir: string; missing: [] };
  expect([basename(one.dir).slice(16), one.missing]).toEqual(['-1-2', []]);
  expect(await project.greenroom('gather', 'stor')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('did you mean `store`?'),
  });
  await project.greenroom('down');
  await project.greenroom('gather');
  const [whole, store, last, ...more] = bundlesIn(project.dir);
  expect(more).toEqual([]);
  expect(whole?.files['processes.txt']).toContain('server.mjs store');
  expect(Object.keys(whole?.files ?? {})).toEqual(expect.arrayContaining(['logs/store.log', 'logs/api.log']));
  expect(Object.keys(store?.files ?? {})).toContain('logs/store.log');
  expect(Object.keys(store?.files ?? {})).not.toContain('logs/api.log');
  expect(last?.files['processes.txt']).not.toContain('server.mjs');
  expect(last?.files['logs/store.log']).toContain('store is listening');
});

test('parts that fail and parts that hang stop no other, and the index names them', async () => {
  await using project = cliProject();
  await project.greenroom('run', '--', 'true');
  const [dir = ''] = globSync('.greenroom/generations/*', { cwd: project.dir }).map((path) => join(project.dir, path));
  writeFileSync(join(dir, 'plan.json'), '{ "cut off');
  // Whoever opens it waits for a writer that never comes.
  execFileSync('mkfifo', [join(dir, 'pipe.log')]);
  const { code, stderr } = await project.greenroom('gather');
  expect(code).toBe(0);
  for (const name of ['state', 'times', 'config', 'versions'])
    expect(stderr).toContain(`greenroom: ${name} could not be collected`);
  const [bundle] = bundlesIn(project.dir);
  expect(bundle?.files['index.md']).toMatch(/^- versions: it did not end within 10000 ms$/m);
  expect(bundle?.files['index.md']).toMatch(/^- config: the plan of the generation is not recorded, or damaged$/m);
  expect(bundle?.files['logs/store.log']).toContain('store is listening');
  expect(bundle?.files['events.ndjson']).toContain('"kind":"ready"');
});

test('the last ten bundles stay', async () => {
  await using project = cliProject();
  await project.greenroom('run', '--needs', 'store', '--', 'true');
  for (let made = 0; made < 11; made += 1) expect(await project.greenroom('gather')).toMatchObject({ code: 0 });
  const left = globSync('.greenroom/gather/*', { cwd: project.dir }).map((path) => basename(path));
  expect(left.filter((name) => name.endsWith('.tar.gz'))).toHaveLength(10);
  expect(left).toHaveLength(20);
});
