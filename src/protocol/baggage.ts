/**
 * Whose request it is, as a member of the `baggage` header that services pass on: `greenroom=<slot>.<spec>`. Pure.
 * The header is a list of `key=value;property`, separated by commas: W3C Baggage, §3.
 */

/** A slot, and the spec that runs there, where it is known. */
export interface Origin {
  readonly slot: number;
  /** Letters, digits, `_` and `-`, as Vitest's task ids are. */
  readonly spec?: string;
}

const MEMBER = /^\s*greenroom\s*=\s*(\d{1,9})(?:\.([\w-]{1,128}))?\s*(?:;.*)?$/;

/** The header's value, with what others have put there: `header`. */
export function baggage({ slot, spec }: Origin, header = ''): string {
  const others = header.split(',').filter((member) => member.trim() !== '' && !/^\s*greenroom\s*=/.test(member));
  return [...others, `greenroom=${slot}${spec === undefined ? '' : `.${spec}`}`].join(',');
}

/** Undefined when the header has no member of ours, or one that is malformed. */
export function originIn(header: string | undefined): Origin | undefined {
  for (const member of header?.split(',') ?? []) {
    const [, slot, spec] = MEMBER.exec(member) ?? [];
    if (slot !== undefined) return { slot: Number(slot), ...(spec === undefined ? {} : { spec }) };
  }
  return undefined;
}
