import { redisServer } from '../../test/support/redis.ts';
import { sharedState } from './shared-state.ts';
import type { Story } from './story.ts';

/** Each spec cleans up with `FLUSHALL`, which is right in one process and deletes what the others have in several. */
export const R11b: Story = {
  id: 'R11b',
  title: 'shared Redis: the clean-up of one process deletes the keys of the others',
  runs: 3,
  ...sharedState('R11b', async (_, act) => {
    await using server = await redisServer();
    return await act({ REDIS_URL: server.url });
  }),
};
