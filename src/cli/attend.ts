/** Runs processes on infrastructure that is ready: tells incidents as they happen, and what it all ended with. */
import type { ShimProcess } from '../platform/shim.ts';
import type { Failure } from '../protocol/failure.ts';
import { incidentLine } from '../report/incident.ts';
import { exitCodeOfExit, exitCodeOfFailure } from './exit-codes.ts';
import { say } from './print.ts';
import type { Signals } from './signals.ts';
import type { Started } from './start-up.ts';
import { supervise } from './supervise.ts';

export interface Ending {
  /** The highest exit code of the processes; that of the loss, if the infrastructure was lost. */
  readonly code: number;
  /** The coordinator, or our place at it, is gone. */
  readonly lost: boolean;
  /** A resource was lost while the processes ran. */
  readonly incident: boolean;
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
  let incident = false;
  started.observe(({ transitions }) => {
    for (const line of transitions.flatMap((transition) => incidentLine(transition) ?? [])) {
      incident = true;
      say(line);
    }
  });
  const outcome = await supervise(processes, { signals, grace: started.grace, lost, shareTerminal });
  for (const { error } of outcome.exits) if (error !== undefined) say(`greenroom: ${error.message}`);
  const code =
    outcome.lost === undefined ? Math.max(...outcome.exits.map(exitCodeOfExit)) : exitCodeOfFailure(outcome.lost);
  return { code, lost: outcome.lost !== undefined, incident };
}
