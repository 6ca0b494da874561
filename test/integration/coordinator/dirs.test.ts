import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { tempPlaces } from '../../../src/platform/memory-dirs.ts';
import { Project } from '../../support/project.ts';
import { SmallDisk } from '../../support/small-disk.ts';

/** Where Linux has its tmpfs; the tests of it do not run elsewhere. */
const MEMORY = '/dev/shm';
const hasMemory = existsSync(MEMORY);

const config = (options: string): string => `
const files = dir({ slice: 'worker', ${options} });
export default defineConfig({ resources: { files }, linger: 0 });
`;

test.runIf(hasMemory)('directories are made in an existing tmpfs, and go with who had them', async () => {
  await using project = new Project(config(`tmpfs: 'require', space: 1024`));
  const worker = await project.join('worker');
  const { endpoints } = await worker.ready();
  const path = endpoints.files.path as string;
  expect(path.startsWith(`${MEMORY}/greenroom-`)).toBe(true);
  writeFileSync(join(path, 'used'), '');
  worker.kill();
  await project.nothingLeft();
  expect(existsSync(path)).toBe(false);
});

test.runIf(hasMemory)(
  'a coordinator that is killed leaves nothing in the tmpfs, once the next one is there',
  async () => {
    await using project = new Project(config(`tmpfs: 'require', space: 1024`));
    const worker = await project.join('worker');
    const { endpoints } = await worker.ready();
    const path = endpoints.files.path as string;
    const { coordinator } = await worker.hears('joined');
    // Whose name begins as ours do.
    const stranger = join(MEMORY, `greenroom-stranger-${process.pid}`);
    mkdirSync(stranger);
    try {
      process.kill(coordinator.pid, 'SIGKILL');
      await worker.hears('lost');
      worker.kill();
      expect(existsSync(path)).toBe(true);
      const next = await project.join('worker');
      await next.ready();
      expect(existsSync(path)).toBe(false);
      expect(existsSync(stranger)).toBe(true);
      next.kill();
      await project.nothingLeft();
    } finally {
      rmSync(stranger, { recursive: true });
    }
  },
);

test('a tmpfs that is required and has no room is one error', async () => {
  await using project = new Project(config(`tmpfs: 'require', space: 2 ** 50`));
  const runner = project.spawn('runner');
  await runner.hears('joined');
  runner.order('wait', { resources: null });
  expect(await runner.hears('failed')).toMatchObject({
    code: 'RESOURCE_START_FAILED',
    subject: 'files',
    message: expect.stringContaining('there is no place for the files of files'),
    hint: expect.stringContaining(`tmpfs: 'auto'`),
  });
});

test('too little space is said before any spec: where, what is free and what is needed', async () => {
  await using project = new Project(config(`space: 12 * 256 * 1024`));
  const temp = join(project.dir, 'temp');
  using _disk = new SmallDisk(temp, '2m');
  // A generation sees the TMPDIR of who started it.
  const worker = await project.join('worker', { TMPDIR: temp });
  worker.order('wait', { resources: null });
  const failure = await worker.hears('failed');
  expect(failure).toMatchObject({ code: 'DISK_FULL', subject: 'files' });
  expect(failure.message).toContain(`${temp} has 2.0 MiB free, and 3.0 MiB are needed`);
  worker.kill();
  await project.nothingLeft();
});

test.runIf(hasMemory)('`auto` takes the tmpfs that has room, also when the temporary directory has none', async () => {
  await using project = new Project(config(`tmpfs: 'auto', space: 12 * 256 * 1024`));
  const temp = join(project.dir, 'temp');
  using _disk = new SmallDisk(temp, '2m');
  const worker = await project.join('worker', { TMPDIR: temp });
  const { endpoints } = await worker.ready();
  expect(endpoints.files.path.startsWith(`${MEMORY}/`)).toBe(true);
  worker.kill();
  await project.nothingLeft();
});

/** More than any tmpfs has, and less than the disk. */
const [disk, ...memory] = tempPlaces();
const tooMuch = Math.max(...memory.map(({ free }) => free)) + 2 ** 32;

test.runIf(disk?.inMemory === false && disk.free > tooMuch + 2 ** 32)(
  '`auto` takes the disk where no tmpfs has room, and notes why',
  async () => {
    await using project = new Project(config(`tmpfs: 'auto', space: ${tooMuch}`));
    const worker = await project.join('worker');
    const { endpoints } = await worker.ready();
    expect(endpoints.files.path.startsWith(`${disk?.path}/`)).toBe(true);
    const [{ events } = { events: [] }] = project.generations();
    const notes = events.filter((event) => event.kind === 'note');
    expect(notes).toContainEqual(
      expect.objectContaining({ subject: 'files', text: expect.stringContaining('it is on disk, in') }),
    );
    worker.kill();
    await project.nothingLeft();
  },
);
