/** Waits for commands to end, and ends them in three levels when a signal comes or the infrastructure is lost. */
import type { Exit, ShimProcess } from '../platform/shim.ts';
import type { Failure } from '../protocol/failure.ts';
import { CALM, escalate, type Act, type Pressure } from './escalation.ts';
import { say, tell } from './print.ts';
import type { Signals } from './signals.ts';

/** How long the kernel may take to end what got SIGKILL. */
const KILL_TIMEOUT_MS = 5_000;

export interface Surroundings {
  readonly signals: Signals;
  /** Milliseconds between the levels. */
  readonly grace: number;
  /** Resolves when the infrastructure is lost. */
  readonly lost: Promise<Failure>;
  /** The commands are in our process group, so that a terminal's ^C has reached them already. */
  readonly shareTerminal: boolean;
}

export interface Outcome {
  readonly exits: readonly Exit[];
  /** Why the infrastructure was lost meanwhile, if it was; it has been told already. */
  readonly lost?: Failure;
}

/** Resolves when all have ended. */
export async function supervise(processes: readonly ShimProcess[], around: Surroundings): Promise<Outcome> {
  const running = new Set(processes);
  const { promise: givenUp, resolve: giveUp } = Promise.withResolvers<readonly Exit[]>();
  let now = CALM;
  let timer: NodeJS.Timeout | undefined;
  let lost: Failure | undefined;

  const after = (ms: number, then: () => void): void => {
    clearTimeout(timer);
    timer = setTimeout(then, ms);
  };
  const perform = (act: Act): void => {
    switch (act.do) {
      case 'forward':
        for (const one of running) one.signal(act.signal);
        break;
      case 'wait':
        after(around.grace, () => press({ kind: 'grace-over' }));
        break;
      case 'kill':
        say('greenroom: the command did not end in time; killing it');
        for (const one of running) one.signal('SIGKILL');
        after(KILL_TIMEOUT_MS, () => giveUp(processes.map(() => ({ code: null, signal: 'SIGKILL' }))));
        break;
    }
  };
  const press = (pressure: Pressure): void => {
    const { next, acts } = escalate(now, pressure);
    now = next;
    acts.forEach(perform);
  };

  around.signals.handle((signal) => {
    press({ kind: 'signal', signal, delivered: around.shareTerminal && signal === 'SIGINT' });
  });
  void around.lost.then((failure) => {
    if (running.size === 0) return;
    lost = failure;
    tell(failure);
    press({ kind: 'lost' });
  });
  const ends = processes.map(async (one) => {
    const exit = await one.exited;
    running.delete(one);
    return exit;
  });
  const exits = await Promise.race([Promise.all(ends), givenUp]);
  clearTimeout(timer);
  return lost === undefined ? { exits } : { exits, lost };
}
