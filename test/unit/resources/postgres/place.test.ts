import { expect, test } from 'vitest';
import { choosePlace } from '../../../../src/resources/postgres/place.ts';

const GB = 2 ** 30;
const MB = 2 ** 20;
const disk = (free: number) => ({ path: '/tmp', inMemory: false, free });
const memory = (free: number) => ({ path: '/dev/shm', inMemory: true, free });

test('memory with room is taken, unless it is not wanted', () => {
  expect(choosePlace('auto', [disk(GB), memory(GB)], 0)).toEqual({ path: '/dev/shm' });
  expect(choosePlace('require', [disk(GB), memory(GB)], 0)).toEqual({ path: '/dev/shm' });
  expect(choosePlace(false, [disk(GB), memory(GB)], 0)).toEqual({ path: '/tmp' });
});

test.each([
  [[disk(GB)], 'there is no tmpfs that can be written'],
  [[disk(GB), memory(64 * MB)], '/dev/shm has 64 MB free, and 612 MB are wanted'],
])('without it, the disk is taken with a notice, or it is an error', (places, reason) => {
  expect(choosePlace('auto', places, 100 * MB)).toEqual({ path: '/tmp', instead: reason });
  expect(choosePlace('require', places, 100 * MB)).toEqual({ error: 'no-memory', reason });
});

test('a little room in memory is better than none on disk', () => {
  expect(choosePlace('auto', [memory(256 * MB)], 0)).toMatchObject({ path: '/dev/shm' });
});

test('no room anywhere is told before anything is written', () => {
  const reason = '/tmp has 1 MB free, and 138 MB are needed';
  expect(choosePlace(false, [disk(MB), memory(GB)], 10 * MB)).toEqual({ error: 'no-space', reason });
  expect(choosePlace('auto', [], 0)).toMatchObject({ error: 'no-space' });
});
