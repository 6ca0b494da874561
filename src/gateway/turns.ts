/** Who may go to the server now. */

interface Waiting {
  readonly go: (turn: Turn) => void;
}

/** Gives the turn back; more than once does nothing. */
export type Turn = () => void;

/** There will be no turn; the message says why. */
class NoTurn extends Error {}

export interface Limits {
  /** How many are at the server at a time. */
  readonly concurrent: number;
  /** How many may wait. */
  readonly queue: number;
  /** Milliseconds that one waits at most. */
  readonly timeout: number;
}

/** First come, first served within a slot; the slots by turns, so that none has to wait for all that another asks. */
export class Turns {
  private readonly limits: Limits;
  /** In the order in which they are served next. */
  private readonly lanes = new Map<number | undefined, Waiting[]>();
  private busy = 0;
  private waiting = 0;

  constructor(limits: Limits) {
    this.limits = limits;
  }

  /** A turn without a wait, if there is one. */
  now(): Turn | undefined {
    return this.busy < this.limits.concurrent ? this.turn() : undefined;
  }

  /**
   * Waits for a turn.
   *
   * @param gone ends the wait
   * @throws NoTurn when too many wait, or it takes too long; when the client is gone
   */
  async wait(slot: number | undefined, gone: AbortSignal): Promise<Turn> {
    const { queue, timeout } = this.limits;
    if (this.waiting >= queue) throw new NoTurn(`${queue} requests are waiting already, which is all that may`);
    const { promise, resolve, reject } = Promise.withResolvers<Turn>();
    const lane = this.lanes.get(slot) ?? [];
    const one: Waiting = { go: resolve };
    lane.push(one);
    this.lanes.set(slot, lane);
    this.waiting += 1;
    const leave = (reason: string): void => {
      const at = lane.indexOf(one);
      if (at === -1) return;
      lane.splice(at, 1);
      if (lane.length === 0) this.lanes.delete(slot);
      this.waiting -= 1;
      reject(new NoTurn(reason));
    };
    const timer = setTimeout(() => leave(`it waited ${timeout} ms for its turn`), timeout);
    const left = (): void => leave('the client is gone');
    gone.addEventListener('abort', left, { once: true });
    return promise.finally(() => {
      clearTimeout(timer);
      gone.removeEventListener('abort', left);
    });
  }

  private turn(): Turn {
    this.busy += 1;
    let over = false;
    return () => {
      if (over) return;
      over = true;
      this.busy -= 1;
      this.next();
    };
  }

  private next(): void {
    const [first] = this.lanes;
    if (first === undefined) return;
    const [slot, lane] = first;
    const one = lane.shift();
    this.lanes.delete(slot);
    if (lane.length > 0) this.lanes.set(slot, lane);
    this.waiting -= 1;
    one?.go(this.turn());
  }
}
