/** How many databases are there ahead, and in which order they come and go. The databases themselves are others' matter. */

export interface WarmPoolOptions<T> {
  create(): Promise<T>;
  /** Destroys what was used; or returns it, as good as new, under a name that nobody knows. */
  takeBack(item: T): Promise<T | undefined>;
  /** Items that are to be ready while anybody uses the pool; runs come and go. */
  ready(): number;
  /** Creations and returns at a time. */
  readonly parallel: number;
  /** Items that exist at a time, whatever is asked for. */
  readonly cap: number;
}

/**
 * Milliseconds until what nobody waits for is done: who gives one back mostly asks for the next at once, and who has just
 * got one begins to use it.
 */
const PAUSE_MS = 10;

interface Taker<T> {
  readonly resolve: (item: T) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Hands out items that were made ahead. What comes back is taken care of before new ones are made: items take room, and
 * destructions that starve cost half of the throughput. Nothing is made while nobody uses it, and what fails is told
 * to whoever waits longest.
 */
export class WarmPool<T> {
  private readonly options: WarmPoolOptions<T>;
  private readonly idle: T[] = [];
  private readonly back: T[] = [];
  private readonly takers: Taker<T>[] = [];
  private readonly returned = new Map<T, PromiseWithResolvers<void>>();
  private creating = 0;
  private running = 0;
  /** Handed out, or waited for. */
  private inUse = 0;
  /** The last one could not be made: only who asks makes it try again. */
  private failing = false;
  private closed = false;
  private pause: NodeJS.Timeout | undefined;

  constructor(options: WarmPoolOptions<T>) {
    this.options = options;
  }

  /** @throws what making one threw */
  take(): Promise<T> {
    const item = this.idle.shift();
    this.inUse += 1;
    const taken =
      item === undefined
        ? new Promise<T>((resolve, reject) => void this.takers.push({ resolve, reject }))
        : Promise.resolve(item);
    this.workSoon();
    return taken.catch((error: unknown) => {
      this.inUse -= 1;
      throw error;
    });
  }

  /**
   * Resolves when nobody can use it any more.
   *
   * @throws what taking it back threw
   */
  giveBack(item: T): Promise<void> {
    this.inUse -= 1;
    const returned = Promise.withResolvers<void>();
    this.returned.set(item, returned);
    this.back.push(item);
    this.workSoon();
    return returned.promise;
  }

  /** One that was handed out never comes back, and counts no more. */
  forgo(): void {
    this.inUse -= 1;
    this.work();
  }

  /** As long as this takes, items are made ahead, as if somebody used the pool. */
  async during(start: Promise<void>): Promise<void> {
    this.inUse += 1;
    this.work();
    try {
      await start;
    } finally {
      this.inUse -= 1;
    }
  }

  /** Nothing is made any more; what is there goes with whatever holds it. */
  close(): void {
    this.closed = true;
    clearTimeout(this.pause);
    for (const { reject } of this.takers.splice(0)) reject(new Error('the pool is closed'));
    for (const { resolve } of this.returned.values()) resolve();
  }

  /** At once when somebody waits for whom nothing is made yet. */
  private workSoon(): void {
    if (this.takers.length > this.creating) this.work();
    else this.pause ??= setTimeout(() => this.work(), PAUSE_MS);
  }

  private work(): void {
    clearTimeout(this.pause);
    this.pause = undefined;
    const { parallel } = this.options;
    while (!this.closed && this.running < parallel) {
      const back = this.back.shift();
      if (back !== undefined) void this.run(() => this.takeBack(back));
      else if (this.lacksOne()) void this.run(() => this.create());
      else return;
    }
  }

  private lacksOne(): boolean {
    const { cap } = this.options;
    const there = this.idle.length + this.creating;
    const live = there + this.inUse - this.takers.length + this.returned.size;
    if (live >= cap) return false;
    const ahead = this.inUse > 0 && !this.failing ? this.options.ready() : 0;
    return there < this.takers.length + ahead;
  }

  private async run(task: () => Promise<void>): Promise<void> {
    this.running += 1;
    try {
      await task();
    } finally {
      this.running -= 1;
      // A teardown waits for what came back.
      if (this.back.length > 0) this.work();
      else this.workSoon();
    }
  }

  private async create(): Promise<void> {
    this.creating += 1;
    try {
      const item = await this.options.create();
      this.failing = false;
      this.put(item);
    } catch (error) {
      this.failing = true;
      this.takers.shift()?.reject(error);
    } finally {
      this.creating -= 1;
    }
  }

  private put(item: T): void {
    const taker = this.takers.shift();
    if (taker === undefined) this.idle.push(item);
    else taker.resolve(item);
  }

  private async takeBack(item: T): Promise<void> {
    try {
      const again = await this.options.takeBack(item);
      if (again !== undefined) this.put(again);
      this.returned.get(item)?.resolve();
    } catch (error) {
      this.returned.get(item)?.reject(error);
    } finally {
      this.returned.delete(item);
    }
  }
}
