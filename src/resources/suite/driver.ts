import { once } from 'node:events';
import type { Endpoint, FunctionRef, Json } from '../../protocol/plan.ts';
import type { Driver } from '../driver.ts';

/** The config host finds these in the suite module, not in the config. */
const BEFORE: FunctionRef = { $function: 'suite.before' };
const AFTER: FunctionRef = { $function: 'suite.after' };
const CLEAN_UP: FunctionRef = { $function: 'suite.cleanUp' };

/**
 * Milliseconds beyond a body's own deadline, which the config host keeps: it can say which body it was, and go on to
 * the next clean-up after one that is stuck.
 */
const GRACE_MS = 1_000;
const CLEAN_UP_MS = 4_000;

/** The suite: its start is the first `once` body, its stop the final one and then what was registered for the end. */
export const suiteDriver: Driver = {
  async start(ctx) {
    const { startTimeout, stopTimeout } = ctx.plan;
    const call = (fn: FunctionRef, timeout: number, grace = GRACE_MS): Promise<Json> =>
      ctx.call(fn, [ctx.needs as Json, timeout], timeout + grace);
    // Before the start, because the final body runs also when the first one failed.
    ctx.defer('suite', async () => void (await call(CLEAN_UP, stopTimeout, CLEAN_UP_MS)));
    ctx.defer('suite', async () => void (await call(AFTER, stopTimeout)));
    // Called off, it is the final body that ends the first one.
    const calledOff = once(ctx.signal, 'abort').then(() => ctx.signal.throwIfAborted());
    return (await Promise.race([call(BEFORE, startTimeout), calledOff])) as Endpoint;
  },
};
