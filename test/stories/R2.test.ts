import { expect, test } from 'vitest';
import { play } from '../../scripts/stories/play.ts';
import { R2 } from '../../scripts/stories/R2.ts';

test('teardown by process 1 loses nothing of what the other processes still run', async () => {
  const { result, complaints } = await play(R2, 1);

  expect(complaints).toEqual([]);
  expect(result.baseline).toMatchObject({ total: 47, starts: 1 });
  expect(result.control.plain).toMatchObject({ total: 47, lost: 0 });
  expect(result.control.greenroom).toMatchObject({ total: 2 * 47, lost: 0 });
  expect(result.greenroom).toMatchObject({ total: 2 * 47, lost: 0, starts: 2 });
});
