import { expect, test } from 'vitest';
import { play } from '../../scripts/stories/play.ts';
import { R7 } from '../../scripts/stories/R7.ts';
import { hasPodman } from '../support/engine.ts';

test.skipIf(!hasPodman())('no suite runs on old code', async () => {
  const { result, complaints } = await play(R7, 1);

  expect(complaints).toEqual([]);
  expect(result.baseline['lost']).toBe(result.baseline.total);
  expect(result.greenroom).toMatchObject({ total: result.baseline.total, lost: 0 });
});
