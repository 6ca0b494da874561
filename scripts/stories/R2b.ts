import { FOUR, runShards } from './shards.ts';
import { onStage } from './stage.ts';
import type { Story } from './story.ts';

/** Each shard's global set-up wants the same port: one gets it, the others run nothing and report no failure. */
export const R2b: Story = {
  id: 'R2b',
  title: 'four `vitest --shard` processes, a global set-up with a fixed port',
  loss: 'specs lost',
  runs: 3,
  expected: { starts: 1, 'starts logged': 1 },
  plain: (fault) => onStage('R2b', (stage) => runShards(stage, 'own.config.mjs', { shards: fault ? FOUR : [] })),
  greenroom: (fault) => onStage('R2b', (stage) => runShards(stage, 'vitest.config.mjs', { shards: fault ? FOUR : [] })),
};
