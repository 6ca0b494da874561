import { mkdirSync, symlinkSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Project } from '../../support/project.ts';

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
