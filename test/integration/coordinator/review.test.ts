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
