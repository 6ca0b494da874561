import { expect, test } from 'vitest';
import { roomFor } from '../../../../src/containers/build/room.ts';

const GIB = 2 ** 30;

test.each([
  [0, 1, 0, 'yes'],
  [1, 1, GIB, 'yes'],
  [2, 1, GIB, 'cores'],
  [3, 2, GIB, 'yes'],
  [4, 2, GIB, 'cores'],
  [1, 8, GIB / 4, 'memory'],
] as const)('%i running on %i cores with %i bytes free: %s', (running, cores, freeBytes, room) => {
  expect(roomFor(running, { cores, freeBytes })).toBe(room);
});
