/** `dir`: a directory for files, removed with everything in it. */
import { defineResource, type CommonOptions, type Resource, type SliceOptions } from '../define.ts';
import type { Tmpfs } from '../place.ts';

export interface DirOptions extends CommonOptions, SliceOptions {
  /**
   * In memory: where there is a tmpfs with room (`'auto'`, which else takes the disk and says so), or else an error
   * (`'require'`). Nothing is ever mounted. Default: false, the usual temporary directory.
   */
  readonly tmpfs?: Tmpfs;
  /** Bytes that all its users need together: when fewer are free, no spec is started. */
  readonly space?: number;
}

export type DirEndpoint = {
  /** Absolute path; only this user can enter it. */
  readonly path: string;
};

export function dir(options: DirOptions = {}): Resource<DirEndpoint> {
  return defineResource<DirEndpoint>('dir', { ...options });
}
