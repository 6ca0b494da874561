import { expect, test } from 'vitest';
import { play } from '../../scripts/stories/play.ts';
import { R13 } from '../../scripts/stories/R13.ts';

test('what a check tells by throwing is healed as well', async () => {
  const { result, complaints } = await play(R13, 1);

  expect(complaints).toEqual([]);
  expect(result.baseline).toMatchObject({ total: 2, lost: 1 });
  expect(result.control).toMatchObject({ plain: { total: 2, lost: 0 }, greenroom: { total: 2, lost: 0 } });
  expect(result.greenroom).toMatchObject({ total: 2, lost: 0 });
});
