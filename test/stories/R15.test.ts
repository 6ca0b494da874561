import { expect, test } from 'vitest';
import { play } from '../../scripts/stories/play.ts';
import { R15 } from '../../scripts/stories/R15.ts';

test('a database that is killed in mid-run costs no spec', async () => {
  const { result, complaints } = await play(R15, 1);

  expect(complaints).toEqual([]);
  expect(result.control).toMatchObject({ plain: { total: 320, lost: 0 }, greenroom: { total: 320, lost: 0 } });
  expect(result.greenroom).toMatchObject({ total: 320, lost: 0, incidents: 1 });
});
