/**
 * What the main process knows of a run and no spec file can say. The main process writes it, the reporter reads it
 * when the run ends.
 */
import type { Failure } from '../protocol/failure.ts';
import type { Incident } from '../protocol/incident.ts';

export interface RunRecord {
  /** Whether the user's config could be read and made into a plan. Without one, the run's failure says why. */
  planned: boolean;
  /** The first reason why a file of this run had to do without its infrastructure from the beginning. */
  failure?: Failure;
  /**
   * Each loss of the coordinator in this run, oldest first. After the first one the next generation is started; after
   * the second one, or one that cannot be made good, the rest of the run is cancelled.
   */
  losses: readonly Failure[];
  /** What went wrong where no file could carry it any more: told by workers, or by the suite's final body. */
  reported: readonly Failure[];
  /** Gathers what is needed to understand a failure of the infrastructure; returns the line that says where it is. */
  gather?: (failure: Pick<Failure, 'code' | 'message'>) => Promise<string | undefined>;
  /** The specs are through: returns where the time went, where the config has budgets. */
  specsOver?: () => readonly string[];
  /** What mock LLMs have to tell when the run ends. */
  llmLines?: () => Promise<readonly string[]>;
  /** What was not well while the run's specs ran. */
  incidents?: () => readonly Incident[];
  /** The signal that ended the run before its time. The process ends with 128+n, whatever else went wrong. */
  interruption?: NodeJS.Signals;
}

/** On the Vitest instance itself: Vitest may evaluate this module more than once in one process. */
const KEY = Symbol.for('greenroom.run');

type Owner = { [KEY]?: RunRecord };

/** The record of a Vitest process' current run. In watch mode every rerun begins a new one. */
export function recordOf(vitest: object): RunRecord {
  return ((vitest as Owner)[KEY] ??= fresh());
}

/** Begins the record of a new run. */
export function renewRecord(vitest: object): RunRecord {
  return ((vitest as Owner)[KEY] = fresh());
}

function fresh(): RunRecord {
  return { planned: false, losses: [], reported: [] };
}
