import { within } from '../../platform/deadline.ts';
import type { Endpoint, Json } from '../../protocol/plan.ts';
import type { Driver, ResourceContext } from '../driver.ts';
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
    offerSlices(ctx, endpoint);
    ctx.care({ endpoint: asEndpoint(ctx, 'start', endpoint) });
    return asEndpoint(ctx, 'start', endpoint);
  },
};

/** The user's own two functions make and remove the parts. */
function offerSlices(ctx: ResourceContext, endpoint: Json): void {
  const { slices } = ctx.plan.options as unknown as CustomPlan;
  if (slices === undefined) return;
  const { make, drop } = slices;
  ctx.offerSlices({
    async make(name, slot) {
      const part = await ctx.call(make, [endpoint, { name, slot }], ctx.plan.startTimeout);
      return asEndpoint(ctx, 'make', part);
    },
    async drop(name, part) {
      if (drop !== undefined) await ctx.call(drop, [name, (part ?? null) as Json], ctx.plan.stopTimeout);
    },
  });
}

function asEndpoint(ctx: ResourceContext, by: string, value: Json): Endpoint {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Endpoint;
  throw ctx.error(
    'FUNCTION_FAILED',
    `the function \`${by}\` of ${ctx.name} returned ${JSON.stringify(value)}, which is no endpoint`,
    'return an object, such as `{ url }`',
  );
}
