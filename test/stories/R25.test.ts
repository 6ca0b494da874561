import { expect, test } from 'vitest';
import { play } from '../../scripts/stories/play.ts';
import { R25 } from '../../scripts/stories/R25.ts';
import { hasPodman } from '../support/engine.ts';

test.skipIf(!hasPodman())('containers that do not listen are stopped side by side, each within its time', async () => {
  const { result, complaints } = await play(R25, 1);

  expect(complaints).toEqual([]);
  expect(result.baseline).toMatchObject({ total: 3, lost: 3 });
  expect(result.greenroom).toMatchObject({ total: 3, lost: 0 });
});
