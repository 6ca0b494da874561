import { realpathSync } from 'node:fs';
import { findConfig } from '../config/find.ts';
import { isGreenroomError } from '../protocol/failure.ts';

/**
 * Real path of the directory of the nearest `greenroom.config.*` above Vitest's root, where `.greenroom` is; without
 * one, as where reports are merged, Vitest's root itself.
 */
export function projectRoot(vitestRoot: string): string {
  try {
    return findConfig(vitestRoot).root;
  } catch (error) {
    if (isGreenroomError(error)) return realpathSync(vitestRoot);
    throw error;
  }
}
