/**
 * `greenroom down`: ends all generations of the project, whatever their key. Nothing running is no error: what was
 * asked for is so.
 */
import type { CAC } from 'cac';
import { generationsOf } from '../../client/discover.ts';
import type { FoundGeneration } from '../../client/generations.ts';
import { observe as connect } from '../../client/join.ts';
import type { Event } from '../../coordinator/events.ts';
import { watchTeardown } from '../../gather/budget.ts';
import { until } from '../../platform/deadline.ts';
import { isAlive } from '../../platform/identity.ts';
import { GreenroomError, isGreenroomError } from '../../protocol/failure.ts';
import type { Progress } from '../../report/fold.ts';
import { follow } from '../../report/follow.ts';
import { duration } from '../../report/format.ts';
import { answered } from '../answered.ts';
import { exitCodeOfFailure, OK } from '../exit-codes.ts';
import { projectRoot } from '../generation.ts';
import { print, say, tell } from '../print.ts';
import { text, type Flags } from '../usage.ts';

/** Resources are stopped in order, each within its own stop time-out; this is for a coordinator that hangs. */
const STOP_TIMEOUT_MS = 120_000;

export function register(cli: CAC): void {
  cli.command('down', 'Stop what is up for this project').option('--force', 'Even while members use it').action(down);
}

async function down(options: Flags): Promise<number> {
  const root = projectRoot(text('config', options['config']));
  const generations = generationsOf(root);
  if (generations.length === 0) print(`nothing is running for ${root}`);
  let code = OK;
  for (const generation of generations) {
    try {
      await stop(generation, options['force'] === true);
    } catch (error) {
      // One that cannot be stopped must not keep the others up.
      if (!isGreenroomError(error)) throw error;
      tell(error.failure);
      code = Math.max(code, exitCodeOfFailure(error.failure));
    }
  }
  return code;
}

/** One that hears nobody any more is stopping already; it is waited for all the same. */
async function stop(generation: FoundGeneration, force: boolean): Promise<void> {
  const start = Date.now();
  let latest: Progress | undefined;
  let over = (): void => undefined;
  const session = await connect(generation);
  try {
    if (session !== undefined) {
      await answered(
        'for its state',
        follow(session, ({ progress, event }) => {
          latest = progress;
          tellLoss(event);
        }),
      );
      await answered('to stop', session.down(force));
      over = watchTeardown(generation.logDir, { since: start, latest: () => latest, tell: say });
    }
    if (!(await until(() => !isAlive(generation), STOP_TIMEOUT_MS))) throw stillThere(generation);
  } finally {
    over();
    session?.close();
  }
  print(`stopped generation ${generation.generation} of ${generation.key} in ${duration(Date.now() - start)}`);
}

/** What is stopped may have accepted what it has not stored. */
function tellLoss(event: Event | undefined): void {
  if (event?.kind === 'flushed' && event.failure !== undefined) tell(event.failure);
}

function stillThere({ pid, logDir }: FoundGeneration): GreenroomError {
  return new GreenroomError({
    code: 'COORDINATOR_UNRESPONSIVE',
    message: `the coordinator, pid ${pid}, has not ended ${duration(STOP_TIMEOUT_MS)} after it was asked to`,
    hint: `see ${logDir}; if it hangs, kill the process: its services end with it`,
  });
}
