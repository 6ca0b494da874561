import { within } from '../platform/deadline.ts';
import type { ShimProcess } from '../platform/shim.ts';
import { GreenroomError } from '../protocol/failure.ts';
import type { ChaosAct } from '../protocol/messages.ts';

/** The processes of one start of a resource that run and are not being stopped: what chaos is done to. */
export class Processes {
  private readonly running = new Map<ShimProcess, Send>();

  /**
   * Returns how to say that it is being stopped.
   *
   * @param elsewhere how a signal reaches what the process stands for, where that is no process of its group
   */
  add(shim: ShimProcess, stopSignal: NodeJS.Signals = 'SIGTERM', elsewhere?: Elsewhere): () => void {
    const forget = (): void => void this.running.delete(shim);
    // What has nothing to lose goes by SIGKILL at its teardown. To stop it is another thing than to kill it all the same.
    const orderly = stopSignal === 'SIGKILL' ? 'SIGTERM' : stopSignal;
    const send: Send = (act) =>
      elsewhere === undefined ? signal(shim, act, orderly) : elsewhere(act === 'stop' ? orderly : SIGNALS[act]);
    this.running.set(shim, send);
    void shim.exited.then(forget);
    return forget;
  }

  /**
   * Kills, stops, pauses or continues all of them; resolves when those to be ended have ended.
   *
   * @param ms until one that is to end must have
   * @throws GreenroomError CHAOS_FAILED
   */
  async act(name: string, act: ChaosAct, ms: number): Promise<void> {
    const running = [...this.running];
    if (running.length === 0 && act !== 'heal') throw noProcess(name, act);
    await Promise.all(running.map(async ([, send]) => send(act)));
    if (act === 'pause' || act === 'heal') return;
    await within(Promise.all(running.map(([{ exited }]) => exited)), ms, () => {
      throw new GreenroomError({
        code: 'CHAOS_FAILED',
        message: `${name} has not ended within ${ms} ms of its stop signal`,
        subject: name,
        hint: 'a process may ignore that; `kill` cannot be ignored',
      });
    });
  }
}

type Elsewhere = (signal: NodeJS.Signals) => Promise<void>;
type Send = (act: ChaosAct) => Promise<void> | void;

const SIGNALS = { kill: 'SIGKILL', pause: 'SIGSTOP', heal: 'SIGCONT' } as const;

/** The stop signal is for the program alone, as at its teardown; the others are for its whole group. */
function signal(shim: ShimProcess, act: ChaosAct, stopSignal: NodeJS.Signals): void {
  if (act === 'stop') shim.signal(stopSignal, false);
  else shim.signal(SIGNALS[act]);
}

function noProcess(name: string, act: ChaosAct): GreenroomError {
  return new GreenroomError({
    code: 'CHAOS_FAILED',
    message: `${name} has no process of its own: there is nothing to ${act}`,
    subject: name,
    hint: 'a server that is adopted, a directory and a custom resource belong to others',
  });
}
