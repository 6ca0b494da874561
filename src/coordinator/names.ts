import { basename, dirname } from 'node:path';
import { tempParents } from '../platform/memory-dirs.ts';
import { nameOf, type GenerationIdentity } from '../protocol/generation-file.ts';

/**
 * Name of a slice: `gr_<key>_<generation>_<nonce>_<number>`, at most 63 bytes, so that PostgreSQL takes it whole. The
 * number of a slice is never used again in its generation.
 */
export const sliceName = ({ key, generation, nonce }: GenerationIdentity, slice: string): string =>
  `gr_${key}_${generation}_${nonce}_${slice.slice(1)}`;

/** Whether a directory is one that this generation made where temporary ones stand; nothing else may be removed by name. */
export function isTempDirOf(path: string, identity: GenerationIdentity): boolean {
  return tempParents().includes(dirname(path)) && basename(path).startsWith(`${nameOf(identity)}-`);
}
