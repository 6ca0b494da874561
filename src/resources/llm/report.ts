/** What a mock LLM tells at the end of a run. Pure. */

/** Something that happened, how often, and when last. */
export interface Noted {
  readonly text: string;
  count: number;
  /** Milliseconds since 1970. */
  at: number;
}

export interface Report {
  readonly requests: number;
  /** Of those, what did not say whose they are. */
  readonly unattributed: number;
  readonly unmatched: readonly Noted[];
  /** Names of scenarios that have answered nothing. */
  readonly unused: readonly string[];
}

/** One line for each request that no scenario matched, and for each scenario that was not used. */
export function reportLines({ unmatched, unused }: Report): readonly string[] {
  return [
    ...unmatched.map(({ text, count }) => `no scenario matched ${text}${count === 1 ? '' : `, ${count} times`}`),
    ...unused.map((name) => `not used: ${name}`),
  ];
}
