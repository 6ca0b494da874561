import { expect, test } from 'vitest';
import { play } from '../../scripts/stories/play.ts';
import { R11 } from '../../scripts/stories/R11.ts';

test('an error of a clean-up that follows from a failed set-up is no reason of its own', async () => {
  const { result, complaints } = await play(R11, 1);

  expect(complaints).toEqual([]);
  expect(result.baseline).toMatchObject({ total: 57, lost: 57, errors: 114, marked: 0 });
  expect(result.control).toMatchObject({ plain: { lost: 0, errors: 0 }, greenroom: { lost: 0, errors: 0 } });
  expect(result.greenroom).toMatchObject({
    lost: 0,
    causes: 1,
    'specs blocked': 57,
    'errors when dead': 0,
    marked: 57,
  });
});
