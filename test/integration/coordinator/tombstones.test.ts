import { existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import type { GenerationFile } from '../../../src/protocol/generation-file.ts';
import { eventually, Project } from '../../support/project.ts';

test('a tombstone keeps its number taken, and is removed by another key a week later', async () => {
  await using project = new Project(`export default defineConfig({ resources: {}, linger: 0 });`);
  const first = await project.join();
  const { file, generation } = await first.hears('joined');
  first.kill();
  await project.nothingLeft();
  const tombstone = JSON.parse(readFileSync(file, 'utf8')) as GenerationFile;
  expect(tombstone).toMatchObject({ generation, token: '', stopped: { reason: 'nobody uses it any more' } });

  const dirs = { recent: 'a'.repeat(16), old: 'b'.repeat(16) };
  for (const [age, key] of Object.entries(dirs)) {
    const dir = join(project.runtimeDir, key);
    mkdirSync(dir, { mode: 0o700 });
    const at = Date.now() - (age === 'old' ? 8 : 6) * 24 * 3_600_000;
    writeFileSync(join(dir, 'gen-4.json'), JSON.stringify({ ...tombstone, key, stopped: { reason: 'test', at } }));
    utimesSync(dir, at / 1_000, at / 1_000);
  }
  const second = await project.join();
  expect((await second.hears('joined')).generation).toBe(generation + 1);
  await second.ready({ resources: [] });
  expect(existsSync(join(project.runtimeDir, dirs.recent))).toBe(true);
  expect(existsSync(join(project.runtimeDir, dirs.old))).toBe(false);
  second.kill();
  await project.nothingLeft();
});

test('I1: nobody removes an old tombstone under a candidate for the number that follows', async () => {
  await using project = new Project(`export default defineConfig({ resources: {}, linger: 0 });`);
  const first = await project.join();
  const { file } = await first.hears('joined');
  first.kill();
  await project.nothingLeft();
  const tombstone = JSON.parse(readFileSync(file, 'utf8')) as GenerationFile;
  const at = Date.now() - 8 * 24 * 3_600_000;
  writeFileSync(file, JSON.stringify({ ...tombstone, stopped: { reason: 'test', at } }));
  utimesSync(dirname(file), at / 1_000, at / 1_000);

  const returning = project.spawn('runner', { GREENROOM_FAULT: 'election.listening:STOP' });
  const candidate = await eventually(
    () => readdirSync(dirname(file)).find((name) => name.startsWith('s2-')),
    'the candidate to listen',
  );
  project.configure(`export default defineConfig({ resources: {}, linger: 0, key: 'other' });`);
  const other = await project.join();
  await other.ready({ resources: [] });
  process.kill(Number(candidate.slice('s2-'.length)), 'SIGCONT');
  expect((await returning.hears('joined')).generation).toBe(2);
  returning.kill();
  other.kill();
  await project.nothingLeft();
});
