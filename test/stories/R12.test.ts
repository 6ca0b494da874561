import { expect, test } from 'vitest';
import { play } from '../../scripts/stories/play.ts';
import { R12 } from '../../scripts/stories/R12.ts';

test('a guard of each worker lets every call through; one for all opens', async () => {
  const { result, complaints } = await play(R12, 1);

  expect(complaints).toEqual([]);
  expect(result.baseline.total).toBe(48);
  // Twelve calls fail at once in the first round; at most these have been let through by then.
  expect(result.baseline.lost).toBeGreaterThanOrEqual(36);
  expect(result.control).toMatchObject({ plain: { total: 48, lost: 0 }, greenroom: { total: 48, lost: 0 } });
  expect(result.greenroom).toMatchObject({ total: 48, lost: 0 });
});
