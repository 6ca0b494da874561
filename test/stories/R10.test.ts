import { expect, test } from 'vitest';
import { play } from '../../scripts/stories/play.ts';
import { R10 } from '../../scripts/stories/R10.ts';

test('with `bail`, every spec is accounted for, whoever failed', async () => {
  const { result, complaints } = await play(R10, 1);

  expect(complaints).toEqual([]);
  expect(result.baseline).toMatchObject({ total: 114 });
  expect(result.control).toMatchObject({ plain: { total: 57, lost: 0 }, greenroom: { total: 57, lost: 0 } });
  expect(result.greenroom).toMatchObject({
    total: 114,
    lost: 0,
    'specs after a failure': 57,
    'specs on dead infrastructure': 57,
  });
});
