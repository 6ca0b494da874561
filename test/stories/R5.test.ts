import { expect, test } from 'vitest';
import { play } from '../../scripts/stories/play.ts';
import { R5 } from '../../scripts/stories/R5.ts';
import { hasPodman } from '../support/engine.ts';

test.skipIf(!hasPodman())('each address is right for who asks, or named before anybody does', async () => {
  const { result, complaints } = await play(R5, 1);

  expect(complaints).toEqual([]);
  expect(result.baseline).toMatchObject({ total: 5, lost: 5 });
  expect(result.control).toMatchObject({ plain: { total: 2, lost: 0 }, greenroom: { total: 3, lost: 0, named: 0 } });
  expect(result.greenroom).toMatchObject({ total: 6, lost: 0, named: 3 });
});
