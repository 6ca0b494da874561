import { expect, test } from 'vitest';
import { play } from '../../scripts/stories/play.ts';
import { R20 } from '../../scripts/stories/R20.ts';

test('a hard kill of the runner or of the coordinator leaves no server', async () => {
  const { result, complaints } = await play(R20, 2);

  expect(complaints).toEqual([]);
  expect(result.baseline).toMatchObject({ total: 2, lost: 2 });
  expect(result.control).toMatchObject({ plain: { total: 2, lost: 0 }, greenroom: { total: 2, lost: 0 } });
  // Each run kills one runner and one coordinator.
  expect(result.greenroom).toMatchObject({ total: 4, lost: 0 });
});
