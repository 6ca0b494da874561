import { expect, test } from 'vitest';
import { inCommon } from '../../../../src/cli/audit/common.ts';
import type { Graph } from '../../../../src/coordinator/state.ts';

const graph: Graph = {
  linger: 0,
  leaseTimeout: 0,
  resources: {
    suite: { needs: [] },
    db: { needs: [], slice: 'worker' },
    api: { needs: ['db'] },
    files: { needs: [] },
  },
  gates: { catalog: { needs: ['api'], timeout: 0 } },
};

test('files have in common what all of them need, directly or not', () => {
  expect(inCommon(['/** @needs api */', '/** @needs db, files */'], graph)).toEqual(['db (each worker has its own)']);
  expect(inCommon(['/** @needs files */', '/** @needs db */'], graph)).toEqual([]);
  expect(inCommon(['/** @needs */\n/** @gates catalog */'], graph)).toEqual([
    'db (each worker has its own)',
    'api (shared by all)',
  ]);
});

test('a file that does not say what it needs, needs all but the suite', () => {
  expect(inCommon(['import "x";'], graph)).toHaveLength(3);
  expect(inCommon(['import "x";', '/** @needs files */'], graph)).toEqual(['files (shared by all)']);
  expect(inCommon([], graph)).toEqual([]);
});
