import { within } from '../platform/deadline.ts';
import type { ShimProcess } from '../platform/shim.ts';
import { GreenroomError } from '../protocol/failure.ts';
import type { ChaosAct } from '../protocol/messages.ts';

/** The processes of one start of a resource that run and are not being stopped: what chaos is done to. */
export class Processes {
  private readonly running = new Map<ShimProcess, NodeJS.Signals>();

  /** Returns how to say that it is being stopped. */
  add(shim: ShimProcess, stopSignal: NodeJS.Signals = 'SIGTERM'): () => void {
    const forget = (): void => void this.running.delete(shim);
    this.running.set(shim, stopSignal);
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
    for (const [shim, stopSignal] of running) signal(shim, act, stopSignal);
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

/** The stop signal is for the program alone, as at its teardown; the others are for its whole group. */
function signal(shim: ShimProcess, act: ChaosAct, stopSignal: NodeJS.Signals): void {
  if (act === 'kill') shim.signal('SIGKILL');
  else if (act === 'pause') shim.signal('SIGSTOP');
  else if (act === 'heal') shim.signal('SIGCONT');
  else shim.signal(stopSignal, false);
}

function noProcess(name: string, act: ChaosAct): GreenroomError {
  return new GreenroomError({
    code: 'CHAOS_FAILED',
    message: `${name} has no process of its own: there is nothing to ${act}`,
    subject: name,
    hint: 'a server that is adopted, a directory and a custom resource belong to others',
  });
}
