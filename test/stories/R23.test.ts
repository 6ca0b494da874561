import { expect, test } from 'vitest';
import { play } from '../../scripts/stories/play.ts';
import { R23 } from '../../scripts/stories/R23.ts';

test('the infrastructure is started once, whatever the number of workers', async () => {
  const { result, complaints } = await play(R23, 1);

  expect(complaints).toEqual([]);
  expect(result.baseline).toMatchObject({ 'starts for 1': 1, 'starts for 4': 4, 'starts for 12': 12, lost: 14 });
  expect(result.control).toMatchObject({ plain: { total: 1, lost: 0 }, greenroom: { total: 1, lost: 0 } });
  expect(result.greenroom).toMatchObject({ 'starts for 1': 1, 'starts for 4': 1, 'starts for 12': 1, lost: 0 });
});
