import { expect, test } from 'vitest';
import { play } from '../../scripts/stories/play.ts';
import { R2d } from '../../scripts/stories/R2d.ts';
import { hasPodman } from '../support/engine.ts';

test.skipIf(!hasPodman())('four shards share one container, whatever it is called', async () => {
  const { result, complaints } = await play(R2d, 1);

  expect(complaints).toEqual([]);
  // Three of four shards run nothing.
  expect(result.baseline).toMatchObject({ total: 12, lost: 9, starts: 1, 'reported failed': 0 });
  expect(result.control).toMatchObject({ plain: { total: 12, lost: 0 }, greenroom: { total: 12, lost: 0 } });
  expect(result.greenroom).toMatchObject({ total: 12, lost: 0, starts: 1, 'leases of runners': 4 });
});
