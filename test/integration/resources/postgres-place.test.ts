import { statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { beforeEach, expect, test, vi } from 'vitest';
import type { Place } from '../../../src/platform/memory-dirs.ts';
import { postgres } from '../../../src/resources/postgres/index.ts';
import { startResource } from '../../support/resources.ts';
import { ask } from '../../support/sql.ts';

/** What this machine has is another one's lack. */
const places = vi.hoisted(() => ({ there: [] as Place[] }));
vi.mock(import('../../../src/platform/memory-dirs.ts'), async (original) => ({
  ...(await original()),
  tempPlaces: () => places.there,
}));

const TMPFS = 0x01021994;
const disk: Place = { path: tmpdir(), inMemory: false, free: 2 ** 40 };
const hasSharedMemory = process.platform === 'linux' && statfsSync('/dev/shm').type === TMPFS;

beforeEach(() => {
  places.there = [disk];
});

test.runIf(hasSharedMemory)('data is in memory where there is room', async () => {
  places.there = [disk, { path: '/dev/shm', inMemory: true, free: 2 ** 40 }];
  const { endpoint, notes } = await startResource(postgres({ tmpfs: 'require' }));
  expect(await ask(endpoint!.url, 'show data_directory')).toMatch(/^\/dev\/shm\/greenroom-/);
  expect(notes.filter((note) => note.includes('its data'))).toEqual([]);
});

test('without a tmpfs, data is on disk, with a notice', async () => {
  const { endpoint, notes } = await startResource(postgres());
  expect(await ask(endpoint!.url, 'show data_directory')).toContain(`${tmpdir()}/greenroom-`);
  expect(notes).toContain(`its data is on disk, in ${tmpdir()}: there is no tmpfs that can be written`);
});

test('without a tmpfs that is required, nothing starts', async () => {
  const { failure, pids } = await startResource(postgres({ tmpfs: 'require' }));
  expect(failure).toMatchObject({
    code: 'RESOURCE_START_FAILED',
    message: 'there is no place for the data of subject: there is no tmpfs that can be written',
    hint: expect.stringContaining('--shm-size'),
  });
  expect(pids).toEqual([]);
});

test('a full disk is told before anything is written', async () => {
  places.there = [{ ...disk, free: 2 ** 20 }];
  const { failure, pids } = await startResource(postgres({ tmpfs: false }));
  expect(failure).toMatchObject({
    code: 'DISK_FULL',
    message: `there is no place for the data of subject: ${tmpdir()} has 1.0 MiB free, and 128.0 MiB are needed`,
  });
  expect(pids).toEqual([]);
});
