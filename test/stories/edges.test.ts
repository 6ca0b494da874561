import { expect, test } from 'vitest';
import { H3 } from '../../scripts/stories/H3.ts';
import { play } from '../../scripts/stories/play.ts';
import { R17 } from '../../scripts/stories/R17.ts';
import { R18 } from '../../scripts/stories/R18.ts';

test('requests that hang are named, and no others', async () => {
  const { result, complaints } = await play(R17, 1);

  expect(complaints).toEqual([]);
  expect(result.baseline).toMatchObject({ total: 6, lost: 4 });
  expect(result.control).toMatchObject({ plain: { total: 6, lost: 0 }, greenroom: { total: 6, lost: 0, named: 0 } });
  expect(result.greenroom).toMatchObject({ total: 6, lost: 0, named: 4 });
});

test('a status that is changed on the way is named with both', async () => {
  const { result, complaints } = await play(R18, 1);

  expect(complaints).toEqual([]);
  expect(result.baseline).toMatchObject({ total: 4, lost: 4 });
  expect(result.control).toMatchObject({ plain: { lost: 0 }, greenroom: { total: 4, lost: 0, named: 0 } });
  expect(result.greenroom).toMatchObject({ total: 4, lost: 0, named: 4 });
});

test('failures that alternate open no breaker with threshold 3, in four processes at a time', async () => {
  const { result, complaints } = await play(H3, 1);

  expect(complaints).toEqual([]);
  expect(result.control).toMatchObject({ plain: { lost: 0, ok: 400 }, greenroom: { lost: 0, ok: 400 } });
  expect(result.greenroom).toMatchObject({ total: 4, lost: 0, ok: 200 });
});
