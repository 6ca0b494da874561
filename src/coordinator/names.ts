import { basename, dirname } from 'node:path';
import { tempParents } from '../platform/memory-dirs.ts';

interface Identity {
  readonly key: string;
  readonly generation: number;
  readonly nonce: string;
}

/** Every name made outside of a generation carries key, number and nonce, so that nobody removes another's. */
export const nameOf = ({ key, generation, nonce }: Identity): string => `greenroom-${key}-${generation}-${nonce}`;

/** Whether a directory is one that this generation made where temporary ones stand; nothing else may be removed by name. */
export function isTempDirOf(path: string, identity: Identity): boolean {
  return tempParents().includes(dirname(path)) && basename(path).startsWith(`${nameOf(identity)}-`);
}
