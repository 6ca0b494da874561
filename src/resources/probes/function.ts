import type { Json, ProbePlan } from '../../protocol/plan.ts';
import { verdict, type Answer, type ProbeContext } from './answer.ts';
import { orAbort, tryTimeout } from './timing.ts';

type FunctionProbe = Extract<ProbePlan, { probe: 'function' }>;

/** Passes when a function of the config says so. */
export async function askFunction(probe: FunctionProbe, ctx: ProbeContext): Promise<Answer> {
  const args = [ctx.needs, ctx.self ?? null] as readonly Json[];
  return verdict('the check', await orAbort(ctx.signal, ctx.call(probe.check, args, tryTimeout(probe))));
}
