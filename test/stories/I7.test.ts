import { expect, test } from 'vitest';
import { I7 } from '../../scripts/stories/I7.ts';
import { play } from '../../scripts/stories/play.ts';

test('hard kills amid taking and giving back leave nothing, and nothing is handed out twice', async () => {
  const { result, complaints } = await play(I7, 1);

  expect(complaints).toEqual([]);
  expect(result.greenroom).toMatchObject({ kills: 5, twice: 0, unclean: 0, failed: 0, databases: 0, others: 0 });
});
