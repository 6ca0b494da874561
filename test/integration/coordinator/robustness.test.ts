import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test, vi } from 'vitest';
import { attempt } from '../../../src/client/connection.ts';
import { readGeneration } from '../../../src/client/generations.ts';
import { spawnShim } from '../../../src/platform/shim.ts';
import type { GenerationFile } from '../../../src/protocol/generation-file.ts';
import { eventually, Project } from '../../support/project.ts';

const CONFIG = `
const api = command({ run: ['node', 'service.mjs'], ready: http('/health') });
export default defineConfig({ resources: { api }, linger: 0 });`;

test('what is wrong with old logs, or with a runtime directory that is not ours, stops no coordinator', async () => {
  await using project = new Project(CONFIG);
  // The default place is laid by somebody else, so that the user has chosen another.
  const temp = join(project.dir, 'tmp');
  mkdirSync(join(temp, `greenroom-${userInfo().uid}`), { recursive: true, mode: 0o777 });
  const logs = join(project.dir, '.greenroom', 'generations');
  mkdirSync(logs, { recursive: true });
  symlinkSync(join(project.dir, 'nowhere'), join(logs, 'dangling'));
  const member = await project.join('runner', { TMPDIR: temp });
  const { endpoints } = await member.ready();
  expect((await fetch(endpoints.api.url)).status).toBe(200);
  member.kill();
  await project.nothingLeft([endpoints.api.port]);
});

test('I6: the cause is told however long the log is, and however long its lines are', async () => {
  await using project = new Project(`
const shout = "process.stdout.write('x'.repeat(3_000_000) + '\\\\n' + 'y'.repeat(50_000) + '\\\\nthe reason\\\\n', () => process.exit(3))";
const api = command({ run: ['node', '-e', shout], ready: http('/health') });
export default defineConfig({ resources: { api }, linger: 0 });`);
  const member = await project.join();
  member.order('wait', { resources: null });
  const failure = await member.hears('failed');
  expect(failure.code).toBe('RESOURCE_EXITED');
  expect(failure.log.at(-1)).toBe('the reason');
  expect(JSON.stringify(failure).length).toBeLessThan(20_000);
  member.kill();
  await project.nothingLeft();
});

test('a time longer than timers can count is as good as for ever', async () => {
  await using project = new Project(`
const api = command({ run: ['node', 'service.mjs'], ready: http('/health'), startTimeout: 3e9, stopTimeout: 3e9 });
export default defineConfig({ resources: { api }, linger: 3e9, leaseTimeout: 3e9 });`);
  const member = await project.join();
  const { endpoints } = await member.ready({ resources: null, timeout: 3e9 });
  const { coordinator } = await member.hears('joined');
  member.order('leave');
  await member.ends();
  const second = await project.join();
  expect((await second.hears('joined')).coordinator.pid).toBe(coordinator.pid);
  expect((await second.ready()).endpoints.api.port).toBe(endpoints.api.port);
  process.kill(coordinator.pid, 'SIGTERM');
  await second.hears('lost');
  second.kill();
  await project.nothingLeft([endpoints.api.port]);
});

test('another key is reaped only where this machine made it, and its trouble stops nobody', async () => {
  await using project = new Project(CONFIG);
  const first = await project.join();
  await first.ready();
  const { file, coordinator } = await first.hears('joined');
  process.kill(coordinator.pid, 'SIGKILL');
  await first.hears('lost');
  first.kill();
  const dead = JSON.parse(readFileSync(file, 'utf8')) as GenerationFile;
  const plant = (key: string, changed: Partial<GenerationFile>): string => {
    const dir = join(project.runtimeDir, key);
    mkdirSync(dir, { mode: 0o700 });
    writeFileSync(join(dir, 'gen-1.json'), JSON.stringify({ ...dead, key, generation: 1, ...changed }));
    return dir;
  };
  const foreign = plant('f'.repeat(16), { boot: 'another', machine: 'another' });
  const stubborn = plant('e'.repeat(16), {});
  mkdirSync(join(stubborn, 'gen-1.json.ended'));

  const second = await project.join();
  await second.ready();
  expect(JSON.parse(readFileSync(join(foreign, 'gen-1.json'), 'utf8'))).not.toHaveProperty('stopped');
  second.kill();
  rmSync(foreign, { recursive: true });
  rmSync(stubborn, { recursive: true });
  await project.nothingLeft();
});

test('I1: a member that cannot open one more file takes nobody for dead', async () => {
  await using project = new Project(CONFIG);
  const member = await project.join();
  const { file } = await member.hears('joined');
  const source = (path: string): string =>
    JSON.stringify(fileURLToPath(new URL(`../../../src/${path}`, import.meta.url)));
  const script = `
    import { openSync } from 'node:fs';
    import { attempt } from ${source('client/connection.ts')};
    import { readGeneration } from ${source('client/generations.ts')};
    const generation = readGeneration(process.argv[1]);
    try { for (;;) openSync('/dev/null'); } catch {}
    console.log((await attempt(generation, { role: 'observer' }, 5_000)).outcome);
  `;
  const run = ['-c', 'ulimit -n 64; exec node --input-type=module -e "$1" "$2"', 'sh', script, file];
  const { stdout, stderr } = spawnSync('sh', run, { encoding: 'utf8', timeout: 20_000 });
  expect(stdout.trim(), stderr).toBe('busy');
  member.kill();
  await project.nothingLeft();
});

test('a process that has ended is not signalled again: its pid may be a stranger’s by now', async () => {
  const shim = spawnShim({
    run: ['true'],
    env: { PATH: process.env['PATH'] ?? '' },
    stdout: 1,
    stderr: 2,
    graceMs: 1_000,
  });
  await shim.exited;
  const kill = vi.spyOn(process, 'kill');
  shim.signal('SIGTERM');
  expect(await shim.stop()).toMatchObject({ code: 0 });
  expect(kill).not.toHaveBeenCalled();
  kill.mockRestore();
});

test.each([
  ['a zero byte in a word', { run: ['true', 'a\0b'] }, 'null bytes'],
  ['a directory that is not there', { run: ['true'], cwd: '/nowhere' }, 'ENOENT'],
])('what cannot even be started has ended, and says why: %s', async (_, how, why) => {
  const shim = spawnShim({ env: {}, stdout: 1, stderr: 2, graceMs: 1_000, ...how });
  expect(shim.pid).toBeUndefined();
  shim.signal('SIGTERM');
  const ended = { code: null, signal: null, error: { message: expect.stringContaining(why) as string } };
  expect(await shim.stop()).toMatchObject(ended);
  expect(await shim.exited).toMatchObject(ended);
});

test('a process that cannot be started because no descriptors are left ends nothing else', () => {
  const script = `
    import { openSync } from 'node:fs';
    import { spawnShim } from ${JSON.stringify(new URL('../../../src/platform/shim.ts', import.meta.url).href)};
    const fill = () => { for (;;) openSync('/dev/null'); };
    try { fill(); } catch {}
    const shim = spawnShim({ run: ['true'], env: {}, stdout: 1, stderr: 2, graceMs: 1_000 });
    const { error } = await shim.exited;
    process.stdout.write([shim.pid, shim.stdout, error.code].join(' '));
  `;
  const node = [process.execPath, '--no-warnings', '--input-type=module', '-e', script];
  const { stdout, stderr } = spawnSync('sh', ['-c', 'ulimit -n 64 && exec "$@"', 'sh', ...node], { encoding: 'utf8' });
  expect(stdout, stderr).toBe('  EMFILE');
});

test('what a function of the config returns or throws harms no other call, however large or odd it is', async () => {
  await using project = new Project(`
const good = custom({ start: () => ({ url: 'http://127.0.0.1:1' }) });
const large = custom({ needs: { good }, start: () => ({ url: 'x'.repeat(2_000_000) }) });
const odd = custom({ needs: { good }, start: () => () => 1 });
const loud = custom({ needs: { good }, start: () => { throw new Error('x'.repeat(2_000_000)); } });
export default defineConfig({ resources: { good, large, odd, loud }, linger: 0 });`);
  const member = await project.join();
  await member.ready({ resources: ['good'] });
  for (const [index, name] of ['large', 'odd', 'loud'].entries()) {
    member.order('wait', { resources: [name] });
    expect((await member.hears('failed', index + 1)).code, name).toBe('FUNCTION_FAILED');
  }
  await member.ready({ resources: ['good'] });
  member.kill();
  await project.nothingLeft();
});

test('retry is for the `env` function of the config too', async () => {
  await using project = new Project(`
import { existsSync, writeFileSync } from 'node:fs';
const api = command({ run: ['node', 'service.mjs'], ready: http('/health') });
const env = () => {
  if (existsSync('failed')) return { A: 'b' };
  writeFileSync('failed', '');
  throw new Error('not yet');
};
export default defineConfig({ resources: { api }, env, linger: 0 });`);
  const member = await project.join();
  for (const nth of [1, 2]) {
    member.order('wait', { resources: null });
    expect((await member.hears('failed', nth)).message).toMatch(/not yet/);
  }
  member.order('retry');
  await member.hears('retried');
  expect((await member.ready()).env).toMatchObject({ A: 'b' });
  member.kill();
  await project.nothingLeft();
});

test('what a predicate is given may be longer in bytes than in characters', async () => {
  await using project = new Project(`
const body = "require('node:http').createServer((_, r) => r.end(JSON.stringify({ text: '漢'.repeat(500_000) }))).listen(process.env.PORT, '127.0.0.1')";
const api = command({ run: ['node', '-e', body], ready: tcp() });
const thing = custom({ start: () => ({ host: process.pid }) });
const large = gate({ needs: { api }, probe: http('api', '/', () => true), timeout: 1_000 });
export default defineConfig({ resources: { api, thing }, gates: { large }, linger: 0 });`);
  const member = await project.join();
  await member.ready();
  member.order('wait', { resources: [], gates: [{ name: 'large' }] });
  expect(await member.hears('failed')).toMatchObject({
    code: 'GATE_TIMEOUT',
    message: expect.stringMatching(/exceeds/),
  });
  await member.ready({ resources: ['thing'] });
  member.kill();
  await project.nothingLeft();
});

test('a request with a wrong value fails alone; its lease stays', async () => {
  await using project = new Project(CONFIG);
  const member = await project.join();
  await member.ready();
  member.order('wait', { resources: null, timeout: -1 });
  expect(await member.hears('failed')).toMatchObject({
    code: 'BAD_MESSAGE',
    message: expect.stringMatching(/timeout/),
  });
  await member.ready();
  expect(member.heard.filter(({ kind }) => kind === 'lost')).toEqual([]);
  member.kill();
  await project.nothingLeft();
});

test('an observer that goes takes its waits along: no probe goes on for it', async () => {
  await using project = new Project(`
const api = command({ run: ['node', 'service.mjs'], ready: http('/health') });
const never = gate({ needs: { api }, probe: http('api', '/catalog', () => false), timeout: 600_000 });
export default defineConfig({ resources: { api }, gates: { never }, linger: 0 });`);
  const member = await project.join();
  await member.ready();
  const { file } = await member.hears('joined');
  const asked = await attempt(readGeneration(file)!, { role: 'observer' }, 5_000);
  const session = asked.outcome === 'joined' ? asked.session : expect.fail(asked.outcome);
  void session.wait({ resources: [], gates: [{ name: 'never' }] });
  const status = async (): Promise<any> => {
    const before = member.heard.filter(({ kind }) => kind === 'status').length;
    member.order('status');
    return member.hears('status', before + 1);
  };
  await eventually(async () => ((await status()).gates.never.state === 'probing' ? true : undefined), 'the gate');
  session.close();
  await eventually(async () => ((await status()).waiters.length === 0 ? true : undefined), 'the waiter to be gone');
  expect((await status()).gates.never.state).toBe('closed');
  member.kill();
  await project.nothingLeft();
});

test('who is refused because the coordinator is gone has been told of the loss before', async () => {
  await using project = new Project(CONFIG);
  const member = await project.join();
  await member.ready();
  const { file, coordinator } = await member.hears('joined');
  const asked = await attempt(readGeneration(file)!, { role: 'observer' }, 5_000);
  const session = asked.outcome === 'joined' ? asked.session : expect.fail(asked.outcome);
  const lost = { told: false };
  void session.lost.then(() => (lost.told = true));
  process.kill(coordinator.pid, 'SIGKILL');
  // Asks in every turn of the event loop, so also in the one in which the socket is destroyed and not closed yet.
  const refused: Promise<boolean>[] = [];
  while (!lost.told) {
    refused.push(
      session.status().then(
        () => true,
        () => lost.told,
      ),
    );
    await new Promise(setImmediate);
  }
  expect(await Promise.all(refused)).not.toContain(false);
  member.kill();
  // The next generation takes away what says that there was one.
  const next = await project.join();
  await next.ready();
  next.kill();
  await project.nothingLeft();
});
