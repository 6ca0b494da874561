/** `dir`: a directory for files, removed with everything in it. */
import { defineResource, type CommonOptions, type Resource, type SliceOptions } from '../define.ts';

export type DirOptions = CommonOptions & SliceOptions;

export type DirEndpoint = {
  /** Absolute path; only this user can enter it. */
  readonly path: string;
};

export function dir(options: DirOptions = {}): Resource<DirEndpoint> {
  return defineResource<DirEndpoint>('dir', { ...options });
}
