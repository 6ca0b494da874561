import { expect, test } from 'vitest';
import { play } from '../../scripts/stories/play.ts';
import { R1c } from '../../scripts/stories/R1c.ts';

test('a server with a limit of connections holds behind a gateway that keeps to it', async () => {
  const { result, complaints } = await play(R1c, 1);

  expect(complaints).toEqual([]);
  expect(result.baseline['lost, limit 1']).toBeGreaterThan(6);
  const none = { 'lost, limit 1': 0, 'lost, limit 4': 0, 'lost, limit 12': 0 };
  expect(result.greenroom).toMatchObject({ total: 36, lost: 0, ...none });
});
