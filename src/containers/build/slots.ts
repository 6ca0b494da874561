import { availableParallelism } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { roomFor } from './room.ts';

/** Milliseconds between two looks at the memory: nobody tells when some is given back. */
const LOOK_EVERY = 250;

/** How many builds run at once in this process. Who comes first builds first. */
export class Slots {
  private running = 0;
  private queue: Promise<unknown> = Promise.resolve();
  private ended = Promise.withResolvers<void>();

  /**
   * Waits until one more build may run; what it returns gives the place back. Rejects with the signal's reason.
   *
   * @param waits told once, when it has to wait, what for
   */
  async take(signal: AbortSignal, waits: (why: string) => void): Promise<() => void> {
    const turn = this.queue.then(() => this.room(signal, waits));
    this.queue = turn.catch(() => undefined);
    await turn;
    let given = false;
    return () => {
      if (given) return;
      given = true;
      this.running -= 1;
      this.ended.resolve();
      this.ended = Promise.withResolvers();
    };
  }

  private async room(signal: AbortSignal, waits: (why: string) => void): Promise<void> {
    let told = false;
    for (;;) {
      signal.throwIfAborted();
      const machine = { cores: availableParallelism(), freeBytes: process.availableMemory() };
      const room = roomFor(this.running, machine);
      if (room === 'yes') break;
      if (!told) waits(`waits for other builds: ${this.running} are running, and there is no more ${room} for another`);
      told = true;
      await Promise.race([this.ended.promise, delay(LOOK_EVERY)]);
    }
    this.running += 1;
  }
}
