import { expect, test } from 'vitest';
import { play } from '../../scripts/stories/play.ts';
import { R14 } from '../../scripts/stories/R14.ts';

test('no spec reads a cache before it is synced', async () => {
  const { result, complaints } = await play(R14, 1);

  expect(complaints).toEqual([]);
  expect(result.baseline).toMatchObject({ total: 186 });
  expect(result.control).toMatchObject({ plain: { total: 62, lost: 0 }, greenroom: { total: 62, lost: 0 } });
  expect(result.greenroom).toMatchObject({
    total: 186,
    lost: 0,
    'on defaults at 0.3 s': 0,
    'on defaults at 0.8 s': 0,
    'on defaults at 3 s': 0,
  });
});
