import { expect, test } from 'vitest';
import { allCases } from '../../scripts/stories/confusion/cases.ts';
import { confusionOf } from '../../scripts/stories/confusion/story.ts';
import { play } from '../../scripts/stories/play.ts';

/** Every tenth case, and the plain ones: what only the infrastructure does, and what only the test does. */
const some = allCases().filter(
  ({ test: own, order }, index) => index % 10 === 0 || (own === 'none' && order === 'alone'),
);

test('a failure is called what it is: no failure of a test is the infrastructure’s', async () => {
  const { result, complaints } = await play(confusionOf(some), 1);

  expect(complaints).toEqual([]);
  expect(result.greenroom).toMatchObject({ total: some.length, lost: 0, logicCalledInfra: 0 });
  expect(result.baseline.lost).toBeGreaterThan(0);
});
