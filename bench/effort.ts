/** How much is measured. */
export interface Effort {
  /** Repetitions of what takes a millisecond. */
  readonly rounds: number;
  /** Repetitions of what needs a process or a generation of its own. */
  readonly generations: number;
  /** Processes that join at once. */
  readonly processes: number;
  /** Leases of one process. */
  readonly leases: number;
  /** Seconds that one unit of start-up work in the cold-start graph takes. */
  readonly startSeconds: number;
  /** Milliseconds over which idleness is watched. */
  readonly idleMs: number;
  /** Milliseconds over which databases are leased. */
  readonly leaseMs: number;
  /** Requests to one server. */
  readonly requests: number;
  /** Repetitions of a whole Vitest suite. */
  readonly suites: number;
  /** Milliseconds each of its specs waits for a service. */
  readonly specMs: number;
}

export const FULL: Effort = {
  rounds: 500,
  generations: 20,
  processes: 100,
  leases: 1_000,
  startSeconds: 1,
  idleMs: 10_000,
  leaseMs: 10_000,
  requests: 50_000,
  suites: 5,
  specMs: 400,
};

/** Enough to see that every row is there; its figures mean nothing. */
export const QUICK: Effort = {
  rounds: 3,
  generations: 1,
  processes: 3,
  leases: 10,
  startSeconds: 0.05,
  idleMs: 100,
  leaseMs: 100,
  requests: 100,
  suites: 1,
  specMs: 5,
};
