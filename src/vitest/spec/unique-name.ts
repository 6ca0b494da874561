/** How a name is made that nobody else has. Pure. */

/** Whose name it is. */
interface Caller {
  readonly key: string;
  readonly generation: number;
  readonly nonce: string;
  readonly slot: number;
  /** `L12`: never used again in its generation, whereas a slot is. */
  readonly lease: string;
}

/** What buckets, databases and topics can have as a name. */
const LONGEST_NAME = 63;
/** So that there is room for the numbers in front. */
export const LONGEST_WORD = 14;
/** The key keeps generations of one machine apart; the nonce those of two, for which this much of it is enough. */
const NONCE_DIGITS = 8;

/** Why a word cannot be part of a name; undefined when it can. */
export function whyUnusable(what: string): string | undefined {
  if (what.length > LONGEST_WORD) return `it has more than ${LONGEST_WORD} characters`;
  return /^[a-z0-9]+(-[a-z0-9]+)*$/.test(what) ? undefined : 'it is not made of a-z, 0-9 and single - between them';
}

/**
 * `gr-<key>-<generation>-<nonce>-<slot>-<lease>-<call>-<what>`, of `a-z`, `0-9` and `-`, at most 63 characters.
 *
 * @param call Number of the call among all of this lease.
 * @param what Has been found usable.
 */
export function uniqueName({ key, generation, nonce, slot, lease }: Caller, call: number, what: string): string {
  const name = ['gr', key, generation, nonce.slice(0, NONCE_DIGITS), slot, lease.replace(/\D/g, ''), call, what].join(
    '-',
  );
  if (name.length > LONGEST_NAME) throw new RangeError(`${name} is longer than ${LONGEST_NAME} characters`);
  return name;
}
