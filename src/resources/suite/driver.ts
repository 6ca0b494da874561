import { within } from '../../platform/deadline.ts';
import type { Endpoint, FunctionRef, Json } from '../../protocol/plan.ts';
import type { Driver } from '../driver.ts';

/** The config host finds these in the suite module, not in the config. */
const BEFORE: FunctionRef = { $function: 'suite.before' };
const AFTER: FunctionRef = { $function: 'suite.after' };
const CLEAN_UP: FunctionRef = { $function: 'suite.cleanUp' };

/** Milliseconds that the final body waits for a first one that was called off and cannot be interrupted. */
const SETTLE_MS = 4_000;
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
    const settled = Promise.withResolvers<undefined>();
    // Before the start, because the final body runs also when the first one failed.
    ctx.defer('suite', async () => void (await call(CLEAN_UP, stopTimeout, CLEAN_UP_MS)));
    ctx.defer('suite', async () => {
      await within(settled.promise, SETTLE_MS, () => undefined);
      await call(AFTER, stopTimeout);
    });
    try {
      return (await call(BEFORE, startTimeout)) as Endpoint;
    } finally {
      settled.resolve(undefined);
    }
  },
};
