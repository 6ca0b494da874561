import { expect, test } from 'vitest';
import { play } from '../../scripts/stories/play.ts';
import type { Outcome, Story } from '../../scripts/stories/story.ts';

const fine = { total: 10, lost: 0, counts: { starts: 1 } };
const broken = { total: 10, lost: 9, counts: { starts: 1 } };

function story(plain: Story['plain'], greenroom: Story['greenroom']): Story {
  return {
    id: 'T',
    title: 'a story of its own',
    loss: 'specs lost',
    runs: 1,
    expected: { starts: 1 },
    plain,
    greenroom,
  };
}

const breaks = async (fault: boolean): Promise<Outcome> => (fault ? broken : fine);
const holds = async (): Promise<Outcome> => fine;

test('a story is ok when only its baseline loses something', async () => {
  const { result, complaints } = await play(story(breaks, holds), 2);

  expect(complaints).toEqual([]);
  expect(result).toEqual({
    story: 'T',
    baseline: { total: 20, lost: 18, runs: 2, runsHit: 2, starts: 2 },
    control: {
      plain: { total: 20, lost: 0, runs: 2, runsHit: 0, starts: 2 },
      greenroom: { total: 20, lost: 0, runs: 2, runsHit: 0, starts: 2 },
    },
    greenroom: { total: 20, lost: 0, runs: 2, runsHit: 0, starts: 2 },
    ok: true,
  });
});

test.for<[string, Story, string]>([
  ['its baseline does not fail', story(holds, holds), 'the baseline did not fail: the story proves nothing here'],
  ['its control fails', story(async () => broken, holds), 'control: 9 of 10 specs lost, in 1 of 1 runs'],
  ['it fails on Greenroom', story(breaks, breaks), 'greenroom: 9 of 10 specs lost, in 1 of 1 runs'],
  [
    'nothing was run',
    story(breaks, async () => ({ ...fine, total: 0 })),
    'control on Greenroom: nothing was run; greenroom: nothing was run',
  ],
  [
    'a count is not as expected',
    story(breaks, async () => ({ ...fine, counts: { starts: 4 } })),
    'greenroom, run 1: starts 4, not 1',
  ],
])('a story is not ok when %s', async ([, told, complaint]) => {
  const { result, complaints } = await play(told, 1);

  expect(complaints.join('; ')).toBe(complaint);
  expect(result.ok).toBe(false);
});
