import type { ResourceContext } from '../driver.ts';
import { type Ask, session } from '../probes/sql.ts';
import { MAINTENANCE } from './names.ts';
import { LANES } from './settings.ts';
import type { Server } from './template.ts';

interface Lane {
  ask: Promise<Ask>;
  /** Its connection is closed. */
  broken?: true;
}

/** A few connections that stay open, so that making a database does not begin with making one. */
export class Lanes {
  private readonly url: () => string;
  private readonly root: string;
  private readonly free: Lane[] = [];
  private readonly waiting: ((lane: Lane) => void)[] = [];
  private readonly closing = new AbortController();
  private unopened: number;

  /**
   * @param url what the next one is opened with
   * @param most connections at a time
   */
  constructor(url: () => string, most: number, ctx: ResourceContext) {
    this.url = url;
    this.root = ctx.root;
    this.unopened = most;
  }

  /** Runs SQL on a connection that nobody else uses meanwhile. One that breaks is replaced for the next. */
  async use<T>(task: (ask: Ask) => Promise<T>): Promise<T> {
    const lane = await this.next();
    try {
      if (lane.broken) this.renew(lane);
      const ask = await lane.ask;
      return await task(ask);
    } catch (error) {
      // What the server says has a code of five characters; everything else is the connection's end.
      if (!/^[0-9A-Z]{5}$/.test(String((error as { code?: unknown }).code))) lane.broken = true;
      throw error;
    } finally {
      this.release(lane);
    }
  }

  close(): void {
    this.closing.abort(new Error('its connections are closed'));
  }

  private next(): Promise<Lane> {
    const lane = this.free.shift();
    if (lane !== undefined) return Promise.resolve(lane);
    if (this.unopened === 0) return new Promise((resolve) => void this.waiting.push(resolve));
    this.unopened -= 1;
    const opened: Lane = { ask: this.open(() => (opened.broken = true)) };
    return Promise.resolve(opened);
  }

  private renew(lane: Lane): void {
    delete lane.broken;
    lane.ask = this.open(() => (lane.broken = true));
  }

  private release(lane: Lane): void {
    const waiter = this.waiting.shift();
    if (waiter === undefined) this.free.push(lane);
    else waiter(lane);
  }

  /** @param onEnd told when the connection is closed, as with a server that dies */
  private open(onEnd: () => void): Promise<Ask> {
    const { signal } = this.closing;
    const { promise, resolve, reject } = Promise.withResolvers<Ask>();
    const closed = new Promise<void>((end) => signal.addEventListener('abort', () => end(), { once: true }));
    session(this.url(), this.root, signal, async (ask, ended) => {
      resolve(ask);
      await Promise.race([closed, ended.then(onEnd)]);
    }).catch(reject);
    // Told to whoever uses it; until then it must not count as unhandled.
    promise.catch(() => undefined);
    return promise;
  }
}

/** Those on which databases of a server are made and dropped. They are closed with the resource. */
export function lanesTo(server: () => Server, ctx: ResourceContext): Lanes {
  const lanes = new Lanes(() => server().url(MAINTENANCE), LANES, ctx);
  ctx.defer('its connections', () => lanes.close());
  return lanes;
}
