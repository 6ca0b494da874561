import { accessSync, constants, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';

/** Magic numbers of the file systems that live in memory: tmpfs and ramfs. */
const IN_MEMORY = [0x01021994, 0x858458f6];

/** Where Linux keeps one for everybody. */
const SHARED_MEMORY = '/dev/shm';

/** A directory that everybody may make directories in. */
export interface Place {
  readonly path: string;
  readonly inMemory: boolean;
  /** Bytes that can be written there; in memory, no more than the memory that is available. */
  readonly free: number;
}

/** Where temporary directories of a generation may stand; nothing is removed by name anywhere else. */
export const tempParents = (): readonly string[] => [...new Set([tmpdir(), SHARED_MEMORY])];

/** Those of them that are there and can be written, the usual one first. */
export function tempPlaces(): readonly Place[] {
  return tempParents().flatMap((path) => {
    try {
      accessSync(path, constants.W_OK | constants.X_OK);
      const { type, bavail, bsize } = statfsSync(path);
      const inMemory = process.platform === 'linux' && IN_MEMORY.includes(type);
      const free = bavail * bsize;
      return [{ path, inMemory, free: inMemory ? Math.min(free, process.availableMemory()) : free }];
    } catch {
      return [];
    }
  });
}
