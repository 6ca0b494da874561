/** Runs processes on infrastructure that is ready: tells incidents as they happen, and what it all ended with. */
import type { ShimProcess } from '../platform/shim.ts';
import type { Failure } from '../protocol/failure.ts';
import { finishMs } from '../client/answered.ts';
import { watchSpecs } from '../gather/budget.ts';
import { flushMs } from '../protocol/plan.ts';
import { incidentOf } from '../report/incident.ts';
import { answered } from './answered.ts';
import { exitCodeOfExit, exitCodeOfFailure } from './exit-codes.ts';
import { gatherFor } from './gathering.ts';
import { say, tell } from './print.ts';
import type { Signals } from './signals.ts';
import type { Started } from './start-up.ts';
import { supervise } from './supervise.ts';

export interface Ending {
  /** The highest exit code of the processes; that of the loss, if the infrastructure was lost. */
  readonly code: number;
  /** The coordinator, or our place at it, is gone. */
  readonly lost: boolean;
  /** The first loss of a resource while the processes ran, or of what it had accepted. */
  readonly incident: Failure | undefined;
}

export interface Attended {
  readonly processes: readonly ShimProcess[];
  /** Resolves when one of their leases is lost. */
  readonly lost: Promise<Failure>;
  /** They are in our process group. */
  readonly shareTerminal: boolean;
}

export async function attend(started: Started, signals: Signals, attended: Attended): Promise<Ending> {
  const { processes, lost, shareTerminal } = attended;
  let incident: Failure | undefined;
  started.observe(({ transitions, event }) => {
    if (event?.kind === 'flushed' && event.failure !== undefined) {
      incident ??= event.failure;
      tell(event.failure);
    }
    for (const { failure, line } of transitions.flatMap((transition) => incidentOf(transition) ?? [])) {
      incident ??= failure;
      say(line);
    }
  });
  const { plan, latest } = started;
  const over = watchSpecs({ plan, since: Date.now(), latest, tell: say });
  const outcome = await supervise(processes, { signals, grace: started.grace, lost, shareTerminal }).finally(over);
  for (const { error } of outcome.exits) if (error !== undefined) say(`greenroom: ${error.message}`);
  const code =
    outcome.lost === undefined ? Math.max(...outcome.exits.map(exitCodeOfExit)) : exitCodeOfFailure(outcome.lost);
  if (outcome.lost === undefined) await signals.unlessInterrupted(finish(started));
  // Here, and not by who called us: with the lease, before anything is torn down.
  const failure = outcome.lost ?? incident;
  if (failure !== undefined) await gatherFor(started.session, started.plan, failure);
  return { code, lost: outcome.lost !== undefined, incident };
}

/** The last one has everything stored before it leaves, so that it can tell what is not. */
async function finish({ session, plan }: Started): Promise<void> {
  if (flushMs(plan) === 0) return;
  const { failure } = await answered('for what is stored', session.finish(), finishMs(plan));
  if (failure !== undefined) tell(failure);
}
