import { expect, test } from 'vitest';
import { play } from '../../scripts/stories/play.ts';
import { R11b } from '../../scripts/stories/R11b.ts';
import { R11c } from '../../scripts/stories/R11c.ts';

test.for([R11b, R11c])('$id: a clean-up deletes nothing of what the other processes have', async (story) => {
  const { result, complaints } = await play(story, 1);

  expect(complaints).toEqual([]);
  expect(result.baseline).toMatchObject({ total: 2 * 62 });
  expect(result.control).toMatchObject({ plain: { total: 62, lost: 0 }, greenroom: { total: 62, lost: 0 } });
  expect(result.greenroom).toMatchObject({ total: 2 * 62, 'lost in 4': 0, 'lost in 12': 0 });
});
