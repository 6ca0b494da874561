/** How many servers are there ahead. The servers themselves are others' matter. */

/** What is kept ahead. */
interface Spare {
  /** Resolves however it ends. */
  readonly ended: Promise<unknown>;
  stop(): Promise<void>;
}

/** As many as can be taken at once while their successors start, whatever the config says of its workers. */
export const FEWEST = 2;

/**
 * Hands out what was started ahead, each once. Nothing is started before the first is asked for. A spare whose start
 * fails is not replaced before somebody takes one: what cannot be started is not tried for ever.
 */
export class Spares<T extends Spare> {
  private readonly start: () => Promise<T>;
  /** Those there are while at least two of them are spare. */
  private readonly wanted: number;
  /** Started or starting; oldest first. */
  private readonly spare = new Set<Promise<T>>();
  private taken = 0;
  /** Taken, and still starting. */
  private awaited = 0;
  private closed = false;

  /** @param workers How many are taken at once, as far as one knows. */
  constructor(workers: number, start: () => Promise<T>) {
    this.wanted = workers + FEWEST;
    this.start = start;
  }

  /** A spare, or one that is started now. Rejects with what starting it threw. */
  take(): Promise<T> {
    const [spare] = this.spare;
    if (spare !== undefined) this.spare.delete(spare);
    const taken = spare?.catch(() => this.start()) ?? this.start();
    this.taken += 1;
    this.awaited += 1;
    const settled = (): void => {
      this.awaited -= 1;
      this.fill();
    };
    taken.then(settled, settled);
    return taken;
  }

  /** One that was taken is needed no more. */
  giveBack(): void {
    this.taken -= 1;
    this.fill();
  }

  /** Nothing is started any more; resolves when no spare is left. */
  async close(): Promise<void> {
    this.closed = true;
    await Promise.allSettled([...this.spare].map(async (starting) => (await starting).stop()));
  }

  /** Spares do not hold up those that are waited for. */
  private fill(): void {
    if (this.awaited > 0) return;
    while (!this.closed && this.spare.size < Math.max(FEWEST, this.wanted - this.taken)) this.begin();
  }

  private begin(): void {
    const starting = this.start();
    this.spare.add(starting);
    const forget = (): void => void this.spare.delete(starting);
    starting.then(({ ended }) => ended.then(forget), forget);
  }
}
