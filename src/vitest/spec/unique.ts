import { kept } from '../worker/place.ts';
import { mistaken } from '../worker/say.ts';
import { seat } from './slot.ts';
import { LONGEST_WORD, uniqueName, whyUnusable } from './unique-name.ts';

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
  const whose = seat(unique);
  calls.count = (calls.count ?? 0) + 1;
  return uniqueName(whose, calls.count, what);
}
