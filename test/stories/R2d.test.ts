import { expect, test } from 'vitest';
import { play } from '../../scripts/stories/play.ts';
import { R2d } from '../../scripts/stories/R2d.ts';
import { hasPodman } from '../support/engine.ts';

test.skipIf(!hasPodman())('four shards share one container, whatever it is called', async () => {
  const { result, complaints } = await play(R2d, 1);

  expect(complaints).toEqual([]);
  // Three of four shards run nothing: the last one has 12 specs, the others 15.
  expect([42, 45]).toContain(result.baseline.lost);
  expect(result.control).toMatchObject({ plain: { total: 57, lost: 0 }, greenroom: { total: 57, lost: 0 } });
  expect(result.greenroom).toMatchObject({ total: 57, lost: 0, starts: 1, 'leases of runners': 4 });
});
