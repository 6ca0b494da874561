/** What stands in a blob about the durations that its shard was balanced by. */
import type { Reporter, Vitest } from 'vitest/node';

/** In place of a hash: Vitest's own sharding, which looks at names only. */
export const NO_DURATIONS = 'none';

/** In the meta of a spec file's task. */
export interface Stamped {
  greenroomDurations?: string;
}

/** Marks every file of the run with the hash of the durations, so that it comes into the blob. */
export function stampModules(vitest: Vitest, hash: string): void {
  // In front: Vitest calls reporters in order, and the blob reporter writes as soon as it is called.
  const { reporters } = vitest as unknown as { readonly reporters: Reporter[] };
  reporters.unshift({
    onTestRunEnd(modules) {
      for (const module of modules) (module.meta() as Stamped).greenroomDurations = hash;
    },
  });
}
