import { within } from '../../platform/deadline.ts';
import type { Endpoint, Json } from '../../protocol/plan.ts';
import type { Driver } from '../driver.ts';
import type { CustomPlan } from './options.ts';

/**
 * Milliseconds that `stop` waits for a `start` that was called off and cannot be interrupted: it may just be making
 * what `stop` is to remove.
 */
const SETTLE_MS = 4_000;

/** Starts and stops by functions of the config. */
export const customDriver: Driver = {
  async start(ctx) {
    const { start, stop } = ctx.plan.options as unknown as CustomPlan;
    // A start that fails half-way may have made something, so its undo comes first.
    const starting = Promise.withResolvers<readonly Json[]>();
    if (stop !== undefined) {
      ctx.defer(`\`stop\` of ${ctx.name}`, async () => {
        const started = await within(starting.promise, SETTLE_MS, () => []);
        await ctx.call(stop, started, ctx.plan.stopTimeout);
      });
    }
    const endpoint = await ctx.call(start, [ctx.needs as Json], ctx.plan.startTimeout).then(
      (value) => value ?? {},
      (error: unknown) => {
        starting.resolve([]);
        throw error;
      },
    );
    starting.resolve([endpoint]);
    if (typeof endpoint === 'object' && !Array.isArray(endpoint)) return endpoint as Endpoint;
    throw ctx.error(
      'FUNCTION_FAILED',
      `the function \`start\` of ${ctx.name} returned ${JSON.stringify(endpoint)}, which is no endpoint`,
      'return an object, such as `{ url }`',
    );
  },
};
