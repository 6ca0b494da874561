import { expect, test } from 'vitest';
import { play } from '../../scripts/stories/play.ts';
import { R1d } from '../../scripts/stories/R1d.ts';

test('a server that is healthy and has no room is told before anybody asks', async () => {
  const { result, complaints } = await play(R1d, 1);

  expect(complaints).toEqual([]);
  expect(result.baseline.lost).toBeGreaterThanOrEqual(10);
  expect(result.greenroom).toMatchObject({ total: 24, lost: 0, 'said too small': 1 });
  expect(result.control.greenroom).toMatchObject({ total: 12, lost: 0, 'said too small': 0 });
});
