import { expect, test } from 'vitest';
import { play } from '../../scripts/stories/play.ts';
import { R21 } from '../../scripts/stories/R21.ts';

test('a reserved port is still free when it is bound, one by one and in blocks', async () => {
  const { result, complaints } = await play(R21, 1);

  expect(complaints).toEqual([]);
  expect(result.baseline).toMatchObject({ total: 3_600 });
  // All want the same hundred ports, so at most a hundred of 1200 succeed.
  expect(result.baseline['fixed']).toBeGreaterThanOrEqual(1_100);
  expect(result.baseline['random']).toBeGreaterThan(0);
  expect(result.control).toMatchObject({ plain: { total: 300, lost: 0 }, greenroom: { total: 200, lost: 0 } });
  expect(result.greenroom).toMatchObject({ total: 2_400, lost: 0, reserved: 0, blocks: 0 });
});
