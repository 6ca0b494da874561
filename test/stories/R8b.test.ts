import { expect, test } from 'vitest';
import { play } from '../../scripts/stories/play.ts';
import { R8b } from '../../scripts/stories/R8b.ts';
import { hasPodman } from '../support/engine.ts';

test.skipIf(!hasPodman())('a slip in the name of an image is named, with what was meant', async () => {
  const { result, complaints } = await play(R8b, 1);

  expect(complaints).toEqual([]);
  expect(result.baseline).toMatchObject({ total: 2, lost: 2 });
  expect(result.greenroom).toMatchObject({ total: 2, lost: 0 });
});
