import { expect, test } from 'vitest';
import { play } from '../../scripts/stories/play.ts';
import { R8 } from '../../scripts/stories/R8.ts';
import { hasPodman } from '../support/engine.ts';

test.skipIf(!hasPodman())('every shard runs the image of its own sources', async () => {
  const { result, complaints } = await play(R8, 1);

  expect(complaints).toEqual([]);
  expect(result.baseline).toMatchObject({ total: 4, lost: 3 });
  expect(result.greenroom).toMatchObject({ total: 4, lost: 0 });
});
