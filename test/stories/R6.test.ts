import { expect, test } from 'vitest';
import { play } from '../../scripts/stories/play.ts';
import { R6 } from '../../scripts/stories/R6.ts';
import { hasPodman } from '../support/engine.ts';

test.skipIf(!hasPodman())('builds run at once, and what was there already is told apart', async () => {
  const { result, complaints } = await play(R6, 1);

  expect(complaints).toEqual([]);
  expect(result.baseline).toMatchObject({ total: 3, lost: 3 });
  expect(result.greenroom).toMatchObject({ total: 3, lost: 0, cold: 3, 'unchanged after that': 3 });
});
