import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { generationOf } from '../../../src/protocol/generation-file.ts';
import { isRunning } from '../../support/leftovers.ts';
import { eventually, Project } from '../../support/project.ts';

const SERVICE = `command({ run: ['node', 'service.mjs'], ready: http('/health') })`;

test('I5: a newcomer while draining rescues the generation', async () => {
  await using project = new Project(`export default defineConfig({ resources: { api: ${SERVICE} }, linger: 60_000 });`);
  const first = await project.join();
  const { endpoints } = await first.ready();
  const { coordinator } = await first.hears('joined');
  first.kill();
  await first.ends();
  for (let round = 0; round < 3; round += 1) {
    const next = await project.join();
    expect((await next.hears('joined')).coordinator.pid).toBe(coordinator.pid);
    expect((await next.ready()).endpoints).toEqual(endpoints);
    next.kill();
    await next.ends();
  }
  process.kill(coordinator.pid, 'SIGTERM');
  await project.nothingLeft([endpoints.api.port]);
});

test('I1, I5: a newcomer while stopping gets the next generation, which starts only after the last is gone', async () => {
  // Needs 600 ms to end, which it spends writing to a file.
  await using project = new Project(`
const slow = command({ run: ['node', 'slow.mjs'], ready: http('/health') });
export default defineConfig({ resources: { slow }, linger: 0 });`);
  const alive = join(project.dir, 'alive');
  writeFileSync(
    join(project.dir, 'slow.mjs'),
    `import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
const file = ${JSON.stringify(alive)};
if (existsSync(file)) writeFileSync(file + '.twice', 'two at once');
writeFileSync(file, String(process.pid));
process.on('SIGTERM', () => setTimeout(() => { rmSync(file); process.exit(0); }, 600));
createServer((_, response) => response.end('ok')).listen(Number(process.env.PORT), '127.0.0.1');`,
  );
  for (let round = 0; round < 3; round += 1) {
    const first = await project.join();
    await first.ready();
    const { generation, coordinator } = await first.hears('joined');
    first.order('leave');
    await first.ends();
    await eventually(() => (socketOf(project) === undefined ? true : undefined), 'the door to close');
    expect(isRunning(coordinator.pid), 'it is still stopping').toBe(true);
    const [second, third] = [project.spawn('runner'), project.spawn('worker')];
    expect((await second.hears('joined')).generation).toBe(generation + 1);
    expect((await third.hears('joined')).generation).toBe(generation + 1);
    await Promise.all([second.ready(), third.ready()]);
    for (const member of [second, third]) member.kill();
    await project.nothingLeft();
  }
  expect(existsSync(`${alive}.twice`), 'two infrastructures of one key').toBe(false);
});

/** Path of the newest generation's socket, while it is there. */
function socketOf(project: Project): string | undefined {
  const [file] = newestFiles(project);
  if (file === undefined) return undefined;
  const { socket } = JSON.parse(readFileSync(file, 'utf8')) as { socket: string };
  return existsSync(socket) ? socket : undefined;
}

function newestFiles(project: Project): readonly string[] {
  return project
    .runtimeFiles()
    .toSorted((a, b) => (generationOf(name(b)) ?? 0) - (generationOf(name(a)) ?? 0))
    .filter((file) => generationOf(name(file)) !== undefined);
}

const name = (path: string): string => path.split('/').at(-1) ?? '';

test('I6: a failing start happens once, is told to all waiters and late joiners alike, and a retry tries again', async () => {
  await using project = new Project(`
const broken = command({ run: ['node', 'broken.mjs'], ready: http('/health') });
const web = command({ run: ['node', 'service.mjs'], needs: { broken }, ready: http('/health') });
export default defineConfig({ resources: { broken, web }, linger: 0 });`);
  const tries = join(project.dir, 'tries');
  writeFileSync(
    join(project.dir, 'broken.mjs'),
    `import { appendFileSync, readFileSync } from 'node:fs';
appendFileSync(${JSON.stringify(tries)}, 'x');
const n = readFileSync(${JSON.stringify(tries)}, 'utf8').length;
for (let line = 1; line <= 60; line++) console.log('line', line, 'of try', n);
if (n === 1) process.exit(3);
import('./service.mjs');`,
  );
  const members = await Promise.all([1, 2, 3, 4].map(() => project.join()));
  members.forEach((member) => member.order('wait', { resources: ['web'] }));
  const failures = await Promise.all(members.map((member) => member.hears('failed')));
  const late = await project.join();
  late.order('wait', { resources: ['web'] });
  failures.push(await late.hears('failed'));

  expect(readFileSync(tries, 'utf8'), 'one start').toBe('x');
  expect(new Set(failures.map((failure) => JSON.stringify(failure))).size, 'the same for all').toBe(1);
  const [failure] = failures;
  expect(failure, 'the root cause, not that web needs it').toMatchObject({
    code: 'RESOURCE_EXITED',
    subject: 'broken',
  });
  expect(failure.message).toContain('exited with code 3');
  expect(failure.log).toHaveLength(50);
  expect(failure.log.at(-1)).toContain('line 60 of try 1');

  late.order('retry');
  await late.hears('retried');
  await late.ready({ resources: ['web'] });
  expect(readFileSync(tries, 'utf8')).toBe('xx');
  for (const member of [...members, late]) member.kill();
  await project.nothingLeft();
});

test('a failure is forgotten when its last lease goes: who comes next, even while draining, starts it anew', async () => {
  await using project = new Project(`
const once = command({ run: ['node', 'once.mjs'], ready: http('/health') });
export default defineConfig({ resources: { once }, linger: 60_000 });`);
  writeFileSync(
    join(project.dir, 'once.mjs'),
    `import { existsSync, writeFileSync } from 'node:fs';
if (existsSync('tried')) import('./service.mjs');
else { writeFileSync('tried', ''); process.exit(1); }`,
  );
  const first = await project.join();
  first.order('wait', { resources: null });
  expect(await first.hears('failed')).toMatchObject({ code: 'RESOURCE_EXITED' });
  const { coordinator } = await first.hears('joined');
  first.kill();
  await first.ends();
  const second = await project.join();
  expect((await second.hears('joined')).coordinator.pid).toBe(coordinator.pid);
  await second.ready();
  second.kill();
  process.kill(coordinator.pid, 'SIGTERM');
  await project.nothingLeft();
});

test('I3: a resource that never gets ready fails at its deadline, with what the last probe said', async () => {
  await using project = new Project(`
const mute = command({ run: ['node', '-e', 'setInterval(() => {}, 1000)'], ready: http('/health'), startTimeout: 400 });
export default defineConfig({ resources: { mute }, linger: 0 });`);
  const member = await project.join();
  member.order('wait', { resources: null });
  const failure = await member.hears('failed');
  expect(failure.code).toBe('RESOURCE_START_TIMEOUT');
  expect(failure.message).toMatch(/mute was not ready within 400 ms; the last probe said: .*ECONNREFUSED/);
  expect(failure.hint).toContain('startTimeout');
  member.kill();
  await project.nothingLeft();
});

test('a gate holds members until its probe passes, by generation, and names what it lacks at its deadline', async () => {
  await using project = new Project(`
const api = command({ run: ['node', 'service.mjs'], env: { SYNC_MS: '700' }, ready: http('/health') });
const never = gate({ needs: { api }, probe: http('api', '/catalog', (body) => body.generation >= 99), timeout: 500 });
const catalog = gate({ needs: { api }, probe: http('api', '/catalog', (body) => body.generation) });
export default defineConfig({ resources: { api }, gates: { catalog, never }, linger: 0 });`);
  const [first, second] = await Promise.all([project.join(), project.join('worker')]);
  const replies = await Promise.all(
    [first, second].map((member) => member.ready({ resources: null, gates: [{ name: 'catalog', atLeast: 2 }] })),
  );
  const { synced } = (await (await fetch(`${replies[0].endpoints.api.url}/catalog`)).json()) as { synced: boolean };
  expect(synced, 'the cache is synced before anybody goes on').toBe(true);

  first.order('wait', { resources: [], gates: [{ name: 'never' }] });
  const failure = await first.hears('failed');
  expect(failure.code).toBe('GATE_TIMEOUT');
  expect(failure.message).toMatch(/^gate never did not open within 500 ms: it is closed: .*answered false/);
  second.order('wait', { resources: ['nope'] });
  expect(await second.hears('failed')).toMatchObject({ code: 'UNKNOWN_RESOURCE', hint: 'the config has api' });
  for (const member of [first, second]) member.kill();
  await project.nothingLeft();
});

test('a gate that can never be asked, because the config host died, fails at once instead of at its deadline', async () => {
  await using project = new Project(`
const api = ${SERVICE};
const broken = gate({ needs: { api }, probe: http('api', '/catalog', () => process.exit(7)), timeout: 3_600_000 });
export default defineConfig({ resources: { api }, gates: { broken }, linger: 0 });`);
  const member = await project.join();
  member.order('wait', { resources: null, gates: [{ name: 'broken' }] });
  const failure = await member.hears('failed');
  expect(failure).toMatchObject({ code: 'CONFIG_HOST_LOST' });
  expect(failure.message).toContain('exited with code 7');
  member.kill();
  await project.nothingLeft();
});

test('custom resources are lost with the config host, and a retry brings both back', async () => {
  await using project = new Project(`
const thing = custom({ start: () => ({ host: process.pid }), stop: () => {} });
export default defineConfig({ resources: { thing }, linger: 0 });`);
  const member = await project.join();
  const { endpoints } = await member.ready();
  process.kill(endpoints.thing.host, 'SIGKILL');
  await eventually(() => {
    member.order('status');
    const seen = member.heard.findLast((said) => said.kind === 'status');
    return seen?.value.resources.thing.state === 'failed' ? true : undefined;
  }, 'the loss to be noticed');
  member.order('wait', { resources: null });
  const failure = await member.hears('failed');
  expect(failure).toMatchObject({ code: 'RESOURCE_LOST', subject: 'thing', cause: { code: 'CONFIG_HOST_LOST' } });
  member.order('retry');
  await member.hears('retried');
  const again = await member.ready();
  expect(isRunning(again.endpoints.thing.host)).toBe(true);
  expect(again.endpoints.thing.epoch).toBe(2);
  member.kill();
  await project.nothingLeft();
});

test('lazy: only what is asked for, and what that needs, is started', async () => {
  await using project = new Project(`
const db = ${SERVICE};
const api = command({ run: ['node', 'service.mjs'], needs: { db }, ready: http('/health') });
const other = ${SERVICE};
export default defineConfig({ resources: { db, api, other }, env: ({ api, other }) => ({ API: api.url, OTHER: other.url }), linger: 0 });`);
  const member = await project.join();
  const reply = await member.ready({ resources: ['api'] });
  expect(Object.keys(reply.endpoints)).toEqual(['db', 'api']);
  expect(reply.env.API).toBe(reply.endpoints.api.url);
  expect(reply.env).not.toHaveProperty('OTHER');
  expect((await member.ready()).env.OTHER).toMatch(/^http:/);
  member.kill();
  await project.nothingLeft();
});

test('a hold keeps the generation without a lease, until it is stopped', async () => {
  await using project = new Project(`export default defineConfig({ resources: { api: ${SERVICE} }, linger: 0 });`);
  const member = await project.join();
  const { endpoints } = await member.ready();
  const { coordinator } = await member.hears('joined');
  member.order('hold');
  await member.hears('held');
  member.kill();
  await member.ends();
  const next = await project.join();
  expect((await next.ready()).endpoints, 'the same infrastructure').toEqual(endpoints);
  next.kill();
  process.kill(coordinator.pid, 'SIGTERM');
  await project.nothingLeft([endpoints.api.port]);
});

test('I4: after a crash with an edited config, the next generation of the new key reaps the old one', async () => {
  await using project = new Project(`export default defineConfig({ resources: { api: ${SERVICE} }, linger: 0 });`);
  const first = await project.join();
  await first.ready();
  const { coordinator, key } = await first.hears('joined');
  process.kill(coordinator.pid, 'SIGKILL');
  await first.hears('lost');
  first.kill();
  project.configure(`export default defineConfig({ resources: { api: ${SERVICE} }, linger: 1 });`);
  const second = await project.join();
  expect((await second.hears('joined')).key).not.toBe(key);
  await second.ready();
  second.kill();
  await project.nothingLeft();
});

test('what could not be removed stays in the ledger, is told, and is tried again by the next generation', async () => {
  await using project = new Project(`
import { existsSync, writeFileSync } from 'node:fs';
const stop = () => {
  if (existsSync('tried')) return;
  writeFileSync('tried', '');
  throw new Error('not yet');
};
const thing = custom({ start: () => ({}), stop });
export default defineConfig({ resources: { thing }, linger: 0 });`);
  const ledgers = (): readonly string[] => project.runtimeFiles().filter((file) => name(file).startsWith('ledger-'));
  const first = await project.join();
  await first.ready();
  const { coordinator } = await first.hears('joined');
  first.kill();
  await eventually(() => (isRunning(coordinator.pid) ? undefined : true), 'the coordinator to end');
  expect(ledgers().map(name)).toEqual(['ledger-1.ndjson']);
  const cleaned = project.generations()[0]!.events.find((event) => event.kind === 'cleaned');
  expect(cleaned).toMatchObject({ resource: 'thing', problems: [expect.stringContaining('not yet')] });

  const second = await project.join();
  await second.ready();
  second.kill();
  await project.nothingLeft();
});
