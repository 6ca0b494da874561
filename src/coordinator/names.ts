import { basename, dirname } from 'node:path';
import { tempParents } from '../platform/memory-dirs.ts';

interface Identity {
  readonly key: string;
  readonly generation: number;
  readonly nonce: string;
}

/** Every name made outside of a generation carries key, number and nonce, so that nobody removes another's. */
export const nameOf = ({ key, generation, nonce }: Identity): string => `greenroom-${key}-${generation}-${nonce}`;

/**
 * Name of a slice: `gr_<key>_<generation>_<nonce>_<number>`, at most 63 bytes, so that PostgreSQL takes it whole. The
 * number of a slice is never used again in its generation.
 */
export const sliceName = ({ key, generation, nonce }: Identity, slice: string): string =>
  `gr_${key}_${generation}_${nonce}_${slice.slice(1)}`;

/** Whether a directory is one that this generation made where temporary ones stand; nothing else may be removed by name. */
export function isTempDirOf(path: string, identity: Identity): boolean {
  return tempParents().includes(dirname(path)) && basename(path).startsWith(`${nameOf(identity)}-`);
}
