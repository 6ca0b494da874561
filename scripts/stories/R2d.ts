import { withContainers, type ByHand } from './containers.ts';
import { events } from './greenroom.ts';
import { FOUR, runShards } from './shards.ts';
import type { Stage } from './stage.ts';
import type { Outcome, Story } from './story.ts';

/** Each shard's global set-up starts the same container: one gets the name, the others run nothing. */
export const R2d: Story = {
  id: 'R2d',
  title: 'four `vitest --shard` processes, a container with a fixed name',
  loss: 'specs lost',
  runs: 3,
  expected: { starts: 1, 'starts logged': 1, 'leases of runners': FOUR.length },
  plain: (fault) => withContainers('R2d', (stage, byHand) => shards(stage, byHand, 'own.config.mjs', fault)),
  greenroom: (fault) => withContainers('R2d', (stage, byHand) => shards(stage, byHand, 'vitest.config.mjs', fault)),
};

async function shards(stage: Stage, { mark }: ByHand, config: string, fault: boolean): Promise<Outcome> {
  const outcome = await runShards(stage, config, {
    shards: fault ? FOUR : [],
    files: FOUR.length,
    env: { MARK: mark },
  });
  const runners = events(stage).filter((event) => event.kind === 'joined' && event.role === 'runner');
  return { ...outcome, counts: { ...outcome.counts, 'leases of runners': runners.length } };
}
