import { expect, test } from 'vitest';
import { play } from '../../scripts/stories/play.ts';
import { R22 } from '../../scripts/stories/R22.ts';

test('what does not fit is said before anything starts', async () => {
  const { result, complaints } = await play(R22, 1);

  expect(complaints).toEqual([]);
  expect(result.baseline).toMatchObject({ total: 12, lost: 4, started: 12 });
  expect(result.control).toMatchObject({ plain: { lost: 0, started: 12 }, greenroom: { lost: 0, started: 12 } });
  expect(result.greenroom).toMatchObject({ lost: 0, started: 0, 'named the directory': 1 });
});
