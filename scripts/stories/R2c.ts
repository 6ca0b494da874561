import { FOUR, runShards } from './shards.ts';
import { onStage } from './stage.ts';
import type { Story } from './story.ts';

/** As in a shell loop: the first is there before the others, and here it has the fewest specs. */
const late = { shards: FOUR.toReversed(), firstGoesAhead: true };
const alone = { shards: [] };

/** The repair of R2b that makes it worse: reuse the server when the port is taken; who started it tears it down. */
export const R2c: Story = {
  id: 'R2c',
  title: 'four `vitest --shard` processes that reuse the server on the port; its starter tears it down',
  loss: 'specs lost',
  runs: 3,
  expected: { starts: 1, 'starts logged': 1 },
  plain: (fault) => onStage('R2b', (stage) => runShards(stage, 'reuse.config.mjs', fault ? late : alone)),
  greenroom: (fault) => onStage('R2b', (stage) => runShards(stage, 'vitest.config.mjs', fault ? late : alone)),
};
