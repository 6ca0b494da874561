import type { Failure } from '../../protocol/failure.ts';
import { current } from '../worker/current.ts';
import { kept } from '../worker/place.ts';
import { blocked, mistaken } from '../worker/say.ts';
import { NOT_JOINED } from './endpoint.ts';
import { LONGEST_WORD, uniqueName, whyUnusable } from './unique-name.ts';

const NO_SLOT: Failure = {
  code: 'NOT_JOINED',
  message: 'no selected spec file needs any infrastructure, so that this worker has no slot to make names from',
  hint: 'name a resource in `@needs` of the docblock, or leave the docblock out',
};

/** Calls of this worker, over all of its files. */
const calls = kept<{ count: number }>('unique');

/**
 * A name that no other call is given, in whatever spec, file, worker or run: `gr-…-bucket`, at most 63 characters of
 * `a-z`, `0-9` and `-`.
 *
 * @param what a word of at most 14 such characters
 * @throws NAME_UNUSABLE, NOT_JOINED, or why the infrastructure is not there
 */
export function unique(what: string): string {
  const why = whyUnusable(what);
  if (why !== undefined) {
    throw mistaken({
      code: 'NAME_UNUSABLE',
      message: `${JSON.stringify(what)} cannot be part of a unique name: ${why}`,
      hint: `give \`unique\` a word of at most ${LONGEST_WORD} characters, such as 'bucket'`,
    });
  }
  const { membership } = current;
  const { welcome, failure } = membership ?? {};
  const { slot, lease } = welcome ?? {};
  if (welcome === undefined || slot === undefined || lease === undefined) {
    if (failure !== undefined) throw blocked(failure);
    throw mistaken(membership === undefined ? NOT_JOINED : NO_SLOT);
  }
  calls.count = (calls.count ?? 0) + 1;
  return uniqueName({ ...welcome, slot, lease }, calls.count, what);
}
