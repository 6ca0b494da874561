import { expect, test } from 'vitest';
import { compare, countSpecs, type SpecResult } from '../../../../src/cli/audit/compare.ts';

const spec = (name: string, result = 'passed', file = 'a.test.ts'): SpecResult => ({ file, name, result });

test('runs with the same results do not differ, in whatever order', () => {
  const run = [spec('one'), spec('two', 'failed'), spec('one', 'skipped', 'b.test.ts')];
  expect(compare([run, run.toReversed(), run])).toEqual([]);
  expect(countSpecs([run, run])).toBe(3);
});

test('a spec with another result is listed with what came of it in each run', () => {
  const runs = [
    [spec('one'), spec('two')],
    [spec('two'), spec('one', 'failed')],
    [spec('one'), spec('two')],
  ];
  expect(compare(runs)).toEqual([{ file: 'a.test.ts', name: 'one', results: ['passed', 'failed', 'passed'] }]);
});

test('specs of one name are compared together, because nothing says which is which', () => {
  expect(
    compare([
      [spec('one'), spec('one', 'failed')],
      [spec('one', 'failed'), spec('one')],
    ]),
  ).toEqual([]);
  expect(
    compare([
      [spec('one'), spec('one')],
      [spec('one'), spec('one', 'failed')],
    ]),
  ).toEqual([{ file: 'a.test.ts', name: 'one', results: ['passed, passed', 'failed, passed'] }]);
});

test('a spec, or a file, that a run does not have is missing there', () => {
  const runs = [
    [spec('two', 'passed', 'b.test.ts')],
    [spec('', 'failed'), spec('two', 'passed', 'b.test.ts'), spec('one')],
  ];
  expect(compare(runs)).toEqual([
    { file: 'a.test.ts', name: '', results: ['missing', 'failed'] },
    { file: 'a.test.ts', name: 'one', results: ['missing', 'passed'] },
  ]);
  expect(countSpecs(runs)).toBe(3);
});
