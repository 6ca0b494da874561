import { expect, test } from 'vitest';
import { choosePlace, type Tmpfs } from '../../../src/resources/place.ts';

const MIB = 2 ** 20;
const disk = { path: '/tmp', inMemory: false, free: 100 * MIB };
const memory = { path: '/dev/shm', inMemory: true, free: 64 * MIB };
const room = (bytes: number): { inMemory: number; anywhere: number } => ({ inMemory: bytes, anywhere: bytes });
const choose = (tmpfs: Tmpfs, bytes: number, places = [disk, memory]): unknown =>
  choosePlace(tmpfs, places, room(bytes));

test('memory is taken where it is wanted and has room', () => {
  expect(choose(false, 64 * MIB)).toEqual({ path: '/tmp' });
  expect(choose('auto', 64 * MIB)).toEqual({ path: '/dev/shm' });
  expect(choose('require', 64 * MIB)).toEqual({ path: '/dev/shm' });
  expect(choose('auto', 1, [{ ...memory, path: '/tmp' }, memory])).toEqual({ path: '/tmp' });
});

test('without a tmpfs with room, `auto` takes the disk and says why, and `require` is an error', () => {
  const small = '/dev/shm has 64.0 MiB free, and 65.0 MiB are needed';
  expect(choose('auto', 65 * MIB)).toEqual({ path: '/tmp', instead: small });
  expect(choose('require', 65 * MIB)).toEqual({ error: 'no-memory', reason: small });
  const none = 'there is no tmpfs that can be written';
  expect(choose('auto', 1, [disk])).toEqual({ path: '/tmp', instead: none });
  expect(choose('require', 1, [disk])).toEqual({ error: 'no-memory', reason: none });
});

test('too little room anywhere names the directory, what is free and what is needed', () => {
  expect(choose(false, 101 * MIB)).toEqual({
    error: 'no-space',
    reason: '/tmp has 100.0 MiB free, and 101.0 MiB are needed',
  });
  expect(choose('auto', 2 ** 41)).toEqual({
    error: 'no-space',
    reason: '/tmp has 100.0 MiB free, and 2.0 TiB are needed',
  });
  expect(choose(false, 512, [{ ...disk, free: 0 }])).toEqual({
    error: 'no-space',
    reason: '/tmp has 0 bytes free, and 512 bytes are needed',
  });
  expect(choose('auto', 1, [])).toEqual({ error: 'no-space', reason: 'no temporary directory can be written' });
});
