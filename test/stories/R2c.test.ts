import { expect, test } from 'vitest';
import { play } from '../../scripts/stories/play.ts';
import { R2c } from '../../scripts/stories/R2c.ts';

test('the shard that started the infrastructure may leave first', async () => {
  const { result, complaints } = await play(R2c, 1);

  expect(complaints).toEqual([]);
  expect(result.baseline).toMatchObject({ total: 57 });
  expect(result.control.plain).toMatchObject({ total: 57, lost: 0 });
  expect(result.control.greenroom).toMatchObject({ total: 57, lost: 0, starts: 1 });
  expect(result.greenroom).toMatchObject({ total: 57, lost: 0, reported: 57, starts: 1, 'starts logged': 1 });
});
