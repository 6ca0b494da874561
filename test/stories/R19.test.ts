import { expect, test } from 'vitest';
import { play } from '../../scripts/stories/play.ts';
import { R19 } from '../../scripts/stories/R19.ts';

test('keys that a file wins over the environment are told by name', async () => {
  const { result, complaints } = await play(R19, 1);

  expect(complaints).toEqual([]);
  expect(result.baseline).toMatchObject({ total: 2, lost: 2 });
  expect(result.greenroom).toMatchObject({ total: 2, lost: 0, 'keys named': 2 });
  expect(result.control.greenroom).toMatchObject({ total: 2, lost: 0, 'keys named': 0 });
});
