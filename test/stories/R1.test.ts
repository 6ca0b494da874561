import { expect, test } from 'vitest';
import { play } from '../../scripts/stories/play.ts';
import { R1 } from '../../scripts/stories/R1.ts';

test('a server with one thread holds behind a gateway that lets one request through at a time', async () => {
  const { result, complaints } = await play(R1, 1);

  expect(complaints).toEqual([]);
  expect(result.baseline).toMatchObject({ total: 12 });
  const control = { total: 24, lost: 0 };
  expect(result.control).toMatchObject({ plain: control, greenroom: control });
  expect(result.greenroom).toMatchObject({ total: 12, lost: 0, 'lost, one thread': 0 });
});
