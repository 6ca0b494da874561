import { expect, test } from 'vitest';
import { play } from '../../scripts/stories/play.ts';
import { R2 } from '../../scripts/stories/R2.ts';

test('teardown by process 1 loses nothing of what the other processes still run', async () => {
  const { result, complaints } = await play(R2, 2);

  expect(complaints).toEqual([]);
  expect(result.baseline).toMatchObject({ runs: 2, runsHit: 2, total: 2 * 47, starts: 2 });
  expect(result.baseline.lost).toBeGreaterThanOrEqual(2 * 31);
  expect(result.control.plain).toMatchObject({ total: 2 * 47, lost: 0 });
  expect(result.control.greenroom).toMatchObject({ total: 2 * 94, lost: 0 });
  expect(result.greenroom).toMatchObject({ total: 2 * 94, lost: 0, runsHit: 0, starts: 4 });
});
