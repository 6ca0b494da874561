/** What one run of one variant counted. */
export interface Outcome {
  /** How many there were: specs, servers, ports. */
  readonly total: number;
  /** How many of them were lost to the infrastructure. What never ran is lost too. */
  readonly lost: number;
  /** Further counts, such as how often the infrastructure was started. */
  readonly counts?: Readonly<Record<string, number>>;
  /** Times and ratios. They are reported and never judged. */
  readonly measured?: Readonly<Record<string, number>>;
  /** What was seen, where a count says too little. */
  readonly notes?: readonly string[];
}

/**
 * A failure of parallel suites as people meet it. Both functions run the same suite; `fault` says whether the
 * circumstances that break it are there. Without them it must pass either way.
 */
export interface Story {
  readonly id: string;
  readonly title: string;
  /** What `lost` counts, such as `specs lost`. */
  readonly loss: string;
  /** How often it is run by default. */
  readonly runs: number;
  /** As it is commonly written. */
  plain(fault: boolean): Promise<Outcome>;
  /** On Greenroom. */
  greenroom(fault: boolean): Promise<Outcome>;
  /** Counts that every run on Greenroom with the fault must show, such as exactly one start. */
  readonly expected?: Readonly<Record<string, number>>;
  /** The part of them that may be lost on Greenroom with the fault; default: none. */
  readonly tolerated?: number;
  /** Counts on Greenroom with the fault that the result has at its top. */
  readonly headline?: readonly string[];
}
