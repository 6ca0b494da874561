import { expect, test } from 'vitest';
import { rootCause, type Failure } from '../../../src/protocol/failure.ts';
import { dated } from '../../../src/report/earlier.ts';
import { fold, JOINED, SEARCH_FAILED, T0 } from './generation.ts';

const { state } = fold([...JOINED, SEARCH_FAILED]).progress;
const search = state.resources['search'];
const failed = (search?.state === 'failed' ? search.failure : undefined) as Failure;

test('a failure of this run is told as it is', () => {
  expect(dated(failed, state, T0)).toBe(failed);
});

test('a failure that was there before says so, and what starts the resource again', () => {
  expect(dated(failed, state, T0 + 8_400).hint).toMatchInlineSnapshot(`
    "run it by hand: node search.mjs
    search failed 2.0s before this run; \`greenroom up --retry\` starts it again"
  `);
  const web: Failure = { code: 'DEPENDENCY_FAILED', subject: 'web', message: 'web was not started', cause: failed };
  expect(rootCause(dated(web, state, T0 + 8_400)).hint, 'the hint that is shown').toContain('up --retry');
  expect(dated({ code: 'GATE_TIMEOUT', message: 'closed' }, state, T0 + 8_400)).not.toHaveProperty('hint');
});
