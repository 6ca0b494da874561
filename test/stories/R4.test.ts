import { expect, test } from 'vitest';
import { play } from '../../scripts/stories/play.ts';
import { R4 } from '../../scripts/stories/R4.ts';
import { hasPodman } from '../support/engine.ts';

test.skipIf(!hasPodman())('a server that only its own container can reach is named before any spec', async () => {
  const { result, complaints } = await play(R4, 1);

  expect(complaints).toEqual([]);
  expect(result.baseline).toMatchObject({ total: 12, lost: 12, 'healthy inside': 1, 'refused for a neighbour': 1 });
  expect(result.control).toMatchObject({ plain: { lost: 0 }, greenroom: { lost: 0, started: 12 } });
  // Never said of a server that can be reached.
  expect(result.control.greenroom).toMatchObject({ 'named INFRA_BIND_LOOPBACK': 0 });
  expect(result.greenroom).toMatchObject({ lost: 0, started: 0, 'named INFRA_BIND_LOOPBACK': 1 });
});
