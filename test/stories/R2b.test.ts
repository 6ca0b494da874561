import { expect, test } from 'vitest';
import { play } from '../../scripts/stories/play.ts';
import { R2b } from '../../scripts/stories/R2b.ts';

test('four shards at once share one start of the infrastructure, and all specs run', async () => {
  const { result, complaints } = await play(R2b, 1);

  expect(complaints).toEqual([]);
  // The shards that lost run nothing, and no report says so.
  expect(result.baseline).toMatchObject({ total: 57, 'reported failed': 0 });
  expect(result.baseline.lost).toBe(57 - (result.baseline['reported'] ?? 0));
  expect(result.control.plain).toMatchObject({ total: 57, lost: 0 });
  expect(result.control.greenroom).toMatchObject({ total: 57, lost: 0, starts: 1 });
  expect(result.greenroom).toMatchObject({ total: 57, lost: 0, reported: 57, starts: 1, 'starts logged': 1 });
});
