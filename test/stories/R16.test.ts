import { expect, test } from 'vitest';
import { play } from '../../scripts/stories/play.ts';
import { R16 } from '../../scripts/stories/R16.ts';

test('what was accepted is stored before the end, or told by name', async () => {
  const { result, complaints } = await play(R16, 1);

  expect(complaints).toEqual([]);
  expect(result.baseline).toMatchObject({
    total: 200,
    lost: 56,
    'not stored at the end': 4,
    'not stored, storage killed': 52,
    'told by name': 0,
  });
  expect(result.control).toMatchObject({ plain: { total: 96, lost: 0 }, greenroom: { total: 96, lost: 0 } });
  const { greenroom } = result;
  expect(greenroom).toMatchObject({ total: 200, lost: 0, 'not stored at the end': 0 });
  expect(greenroom['told by name']).toBe(greenroom['not stored, storage killed']);
});
