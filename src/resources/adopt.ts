import type { Endpoint, ProbePlan } from '../protocol/plan.ts';
import type { ResourceContext } from './driver.ts';
import { isGreenroomError } from '../protocol/failure.ts';

/** A server that was there before answers at once; this is for one that is just being started beside us. */
const PATIENCE_MS = 5_000;

/**
 * Takes a server that was there before, and that is therefore never stopped by us. The endpoint gets the literal
 * address that answered.
 *
 * @throws GreenroomError ADOPT_FAILED when it does not answer.
 */
export async function adopt(ctx: ResourceContext, probe: ProbePlan, endpoint: Endpoint): Promise<Endpoint> {
  const patience = AbortSignal.timeout(Math.min(PATIENCE_MS, ctx.plan.startTimeout / 2));
  try {
    const adopted = { ...endpoint, ...(await ctx.untilPasses(probe, endpoint, { signal: patience })) };
    ctx.care({ endpoint: adopted, probe });
    return adopted;
  } catch (error) {
    if (!patience.aborted || isGreenroomError(error)) throw error;
    throw ctx.error(
      'ADOPT_FAILED',
      `the server at ${endpoint.host}:${endpoint.port} that ${ctx.name} shall adopt does not answer: ${error instanceof Error ? error.message : String(error)}`,
      'start it before, or leave `url` out, so that Greenroom starts one of its own',
    );
  }
}
