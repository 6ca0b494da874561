import { expect, test } from 'vitest';
import { play } from '../../scripts/stories/play.ts';
import { R20c } from '../../scripts/stories/R20c.ts';
import { hasPodman } from '../support/engine.ts';

test.skipIf(!hasPodman())(
  'a hard kill of the coordinator or of the runner leaves no container and no network',
  async () => {
    const { result, complaints } = await play(R20c, 1);

    expect(complaints).toEqual([]);
    expect(result.baseline).toMatchObject({ total: 3, lost: 3 });
    expect(result.control).toMatchObject({ plain: { lost: 0 }, greenroom: { lost: 0 } });
    // One run kills the coordinator, one the runner.
    expect(result.greenroom).toMatchObject({ total: 6, lost: 0, 'there before': 6 });
  },
);
