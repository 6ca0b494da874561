import type { TestModule, TestRunEndReason, TestSpecification, Vitest } from 'vitest/node';
import { describeError } from '../../protocol/failure.ts';
import { checkMerge } from '../durations/merge.ts';
import { recordDurations } from '../durations/record.ts';
import { cancelOnce } from './cancel-once.ts';
import { Accountant } from './reporter.ts';

/**
 * How Vitest tells all of its reporters of something. Not one of its reporters ourselves: those are told of the end at
 * the same time, so that none can correct what the others write, or speak after them.
 */
interface Teller {
  report: (name: string, ...args: readonly unknown[]) => Promise<void>;
}

/** On the Vitest instance itself: Vitest may evaluate this module more than once in one process. */
const KEY = Symbol.for('greenroom.reporter');

export interface ReporterOptions {
  /** Exit code in place of 10 to 13, for who retries on a certain one. */
  readonly infraExitCode?: number | undefined;
}

/**
 * Adds the reporter to a Vitest instance, whichever reporters it has; once, however often it is called. In
 * `configureVitest` it sees merged reports, too; a global setup is early enough for a run.
 */
export function addReporter(vitest: Vitest, options: ReporterOptions = {}): void {
  const teller = vitest as unknown as Teller & { [KEY]?: Accountant };
  if (teller[KEY] !== undefined) return;
  const accountant = (teller[KEY] = new Accountant(vitest, infraExitCodeOf(options)));
  cancelOnce(vitest);
  const tell = teller.report.bind(vitest);
  teller.report = async (name, ...args) => {
    if (name === 'onInit') checkMerge(vitest);
    if (name === 'onTestRunStart') accountant.started(args[0] as readonly TestSpecification[]);
    if (name === 'onTestModuleCollected') accountant.collected(args[0] as TestModule);
    if (name !== 'onTestRunEnd') return tell(name, ...args);
    const [modules, errors, reason] = args as [TestModule[], readonly unknown[], TestRunEndReason];
    const ended = await accountant.judge(modules, errors, reason).catch((error: unknown) => {
      vitest.logger.error(`greenroom: the failures of this run are not told apart: ${describeError(error)}`);
    });
    await tell(name, ...args);
    if (ended !== undefined) accountant.conclude(ended, await accountant.gather(ended));
    await recordDurations(vitest, modules, reason);
  };
}

/** The flag of `greenroom run` comes before the plugin's option. */
function infraExitCodeOf({ infraExitCode }: ReporterOptions): number | undefined {
  const { GREENROOM_INFRA_EXIT_CODE: flag } = process.env;
  return flag === undefined ? infraExitCode : Number(flag);
}
