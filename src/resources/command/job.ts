import type { Driver } from '../driver.ts';
import { jobFailed } from '../exit.ts';
import { orAbort } from '../probes/timing.ts';
import { placeOf } from '../service-config/files.ts';
import type { JobPlan } from './options.ts';
import { preflightProgram, programOf } from './program.ts';

/** Runs a program to completion; it is ready when that ended with exit code 0. */
export const jobDriver: Driver = {
  preflight: preflightProgram,
  async start(ctx) {
    const options = ctx.plan.options as unknown as JobPlan;
    const { spec } = await programOf(options, ctx, await placeOf(options.files, ctx));
    const job = await ctx.spawn(spec);
    const exit = await orAbort(ctx.signal, job.exited);
    if (exit.code === 0) return {};
    throw jobFailed(ctx, exit);
  },
};
