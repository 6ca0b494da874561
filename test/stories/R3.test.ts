import { expect, test } from 'vitest';
import { play } from '../../scripts/stories/play.ts';
import { R3 } from '../../scripts/stories/R3.ts';

test('endpoints are literal addresses, and a refusal names both', async () => {
  const { outcomes, result, complaints } = await play(R3, 1);

  expect(complaints).toEqual([]);
  expect(lost(outcomes.baseline[0]?.notes)).toEqual([
    'localhost is ::1, then 127.0.0.1: client of the first address only',
    'localhost is ::1, then 127.0.0.1: server that listens on "localhost"',
    'localhost is ::1, then 127.0.0.1: error where nobody listens',
    'localhost is ::1 alone: fetch of a server on 127.0.0.1',
    'localhost is ::1 alone: client of the first address only',
    'localhost is ::1 alone: server that listens on "localhost"',
  ]);
  expect(result.control).toMatchObject({ plain: { total: 4, lost: 0 }, greenroom: { total: 4, lost: 0 } });
  expect(result.greenroom).toMatchObject({ total: 8, lost: 0 });
});

function lost(notes: readonly string[] = []): readonly (string | undefined)[] {
  return notes.filter((note) => note.includes(': LOST (')).map((note) => note.split(': LOST (')[0]);
}
