import type { Vitest } from 'vitest/node';
import { withExitCode } from '../exit-code.ts';
import { GreenroomError } from '../../protocol/failure.ts';
import { specKeys } from './spec-keys.ts';
import { NO_DURATIONS, type Stamped } from './stamp.ts';

/**
 * Refuses to merge shards that were balanced by different durations: together they are not the whole suite. For
 * `onInit` of a reporter, when Vitest has read the blobs; where it merges nothing, this does nothing.
 *
 * @throws GreenroomError DURATIONS_DIFFER
 */
export function checkMerge(vitest: Vitest): void {
  const { files = [] } = vitest.state.blobs ?? {};
  if (files.length === 0) return;
  const { of } = specKeys(vitest.config.root);
  const examples = new Map<string, string>();
  for (const { filepath, projectName = '', meta } of files) {
    const { greenroomDurations: hash } = meta as Stamped;
    if (hash !== undefined && !examples.has(hash))
      examples.set(hash, of({ project: { name: projectName }, moduleId: filepath }));
  }
  if (examples.size < 2) return;
  throw withExitCode(
    new GreenroomError({
      code: 'DURATIONS_DIFFER',
      message: `these shards do not belong together: ${[...examples].map(shown).join(', ')}`,
      hint: 'run all shards again with the same durations: some specs may have run twice, and others not at all',
    }),
  );
}

function shown([hash, file]: readonly [string, string]): string {
  return `${file} ran in a shard balanced ${hash === NO_DURATIONS ? 'without durations' : `by durations ${hash}`}`;
}
