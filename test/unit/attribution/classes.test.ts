import { expect, test } from 'vitest';
import { classOf } from '../../../src/attribution/classes.ts';
import { passing } from './make.ts';

test.each([
  ['passed', { said: 'pass' }],
  ['failed', { said: 'fail' }],
  ['skipped', { declaredSkip: true, said: 'none', began: false }],
  ['skipped', { declaredSkip: true, said: 'skip', began: false, aborted: true }],
  ['skipped', { said: 'skip', began: true }],
  ['interrupted', { said: 'skip', began: true, aborted: true }],
  ['interrupted', { said: 'run', began: true }],
  ['neverRan', { said: 'skip', began: false, aborted: true }],
  ['neverRan', { said: 'skip', began: false }],
  ['neverRan', { said: 'none', began: false }],
] as const)('is %s: %o', (expected, facts) => {
  expect(classOf({ id: 'one', ...passing, ...facts })).toBe(expected);
});
