import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Project } from '../../support/project.ts';
import { SmallDisk } from '../../support/small-disk.ts';

const CONFIG = `
const api = command({ run: ['node', 'service.mjs'], ready: http('/health') });
export default defineConfig({ resources: { api }, linger: 0 });`;

test('a full runtime directory stops the election with one clear error, and nothing is left', async () => {
  await using project = new Project(CONFIG);
  using disk = new SmallDisk(project.runtimeDir);
  disk.fill();
  const member = project.spawn('runner');
  const failure = await member.hears('failed');
  expect(failure).toMatchObject({ code: 'DISK_FULL', hint: expect.stringContaining('free some space') });
  expect(failure.message).toMatch(/cannot be written: ENOSPC/);
  await member.ends();
  disk.free();
  const next = await project.join();
  await next.ready();
  next.kill();
  await project.nothingLeft();
});

test('a disk that fills after the election: what cannot be recorded is not started, and a retry works', async () => {
  await using project = new Project(CONFIG);
  using disk = new SmallDisk(project.runtimeDir);
  const member = await project.join();
  // Files grow by pages, so the ledger's first line needs a page that is not there.
  disk.fill();
  member.order('wait', { resources: null });
  const failure = await member.hears('failed');
  expect(failure).toMatchObject({ code: 'DISK_FULL', subject: 'api' });
  expect(failure.message).toMatch(/^the ledger .* cannot be written: ENOSPC/);
  disk.free();
  member.order('retry');
  await member.hears('retried');
  await member.ready();
  member.kill();
  await project.nothingLeft();
});

test('a full project directory costs the recording, with a warning, and not the run', async () => {
  await using project = new Project(CONFIG);
  using disk = new SmallDisk(join(project.dir, '.greenroom'));
  const member = await project.join();
  disk.fill();
  const { endpoints } = await member.ready();
  expect((await fetch(endpoints.api.url)).status).toBe(200);
  disk.free();
  member.kill();
  await project.nothingLeft();
});
