import { type Code, CODES } from '../protocol/codes.ts';

/** Exit codes of a run whose infrastructure failed, as `docs/errors.md` has them. */
const ONLY_INFRA = 10;
const NEVER_READY = 11;
const COORDINATOR_LOST = 13;
const UNSURE = 14;
const CONFIG = 2;
const LOGIC = 1;

export interface Outcome {
  /** What the runner itself would end with. */
  readonly runner: number;
  /** 128+n, if a signal ended the run before its time. */
  readonly interrupted?: number;
  /** A failure that is not the infrastructure's: of a spec, a hook, a file, or of none of them (an unhandled error, a worker that crashed). */
  readonly logic: boolean;
  /** A failure that may be the infrastructure's, or may not. */
  readonly unsure: boolean;
  /** Codes of what was wrong with the infrastructure, one for each cause. */
  readonly causes: readonly Code[];
  /** The coordinator was lost for the second time, and the rest of the run was given up. */
  readonly givenUp: boolean;
  /** At least one spec has run. */
  readonly ran: boolean;
}

/**
 * What the run's process ends with. In this order: a signal; a failure of the tests; a mistake in the config; what may
 * be a failure of the tests; the coordinator, when it was lost for good; the one kind of infrastructure failure there
 * was; 10 when there were several.
 *
 * @param infraExitCode In place of 10 to 13.
 */
export function exitCodeOf(outcome: Outcome, infraExitCode?: number): number {
  const { runner, interrupted, logic, unsure, causes } = outcome;
  if (interrupted !== undefined) return interrupted;
  if (logic) return LOGIC;
  if (causes.length === 0) return unsure ? UNSURE : runner;
  const own = ofInfrastructure(outcome);
  if (own === CONFIG) return own;
  return unsure ? UNSURE : (infraExitCode ?? own);
}

function ofInfrastructure({ causes, givenUp, ran }: Outcome): number {
  const kinds = new Set(causes.map((code) => CODES[code].exit));
  if (kinds.has(CONFIG)) return CONFIG;
  if (givenUp) return COORDINATOR_LOST;
  const [kind = ONLY_INFRA] = kinds;
  if (kinds.size > 1) return ONLY_INFRA;
  return kind === NEVER_READY && ran ? ONLY_INFRA : kind;
}
