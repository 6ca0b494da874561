import type { TestAPI } from 'vitest';
import type { FileMembership } from './membership.ts';
import { kept } from './place.ts';

/** The file that runs now, for who has no other way to it: what specs import. */
export const current = kept<{
  membership: FileMembership;
  /** The `test` of the Vitest that runs it. */
  test: TestAPI;
}>('current');
