import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { GenerationFile } from '../../../src/protocol/generation-file.ts';
import { Project } from '../../support/project.ts';

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
  }
  const second = await project.join();
  expect((await second.hears('joined')).generation).toBe(generation + 1);
  await second.ready({ resources: [] });
  expect(existsSync(join(project.runtimeDir, dirs.recent))).toBe(true);
  expect(existsSync(join(project.runtimeDir, dirs.old))).toBe(false);
  second.kill();
  await project.nothingLeft();
});
