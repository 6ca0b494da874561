import type { Driver } from '../driver.ts';
import { jobFailed } from '../exit.ts';
import { preflightEngine } from '../programs.ts';
import type { ContainerJobPlan } from './options.ts';
import { make, prepare } from './setting.ts';

/** Runs a container to completion; it is ready when that ended with exit code 0. */
export const containerJobDriver: Driver = {
  preflight: preflightEngine,
  async start(ctx) {
    const setting = await prepare<ContainerJobPlan>(ctx, []);
    const container = await make(setting, new Map());
    const exit = await container.finished();
    if (exit.code === 0) return {};
    throw jobFailed(ctx, exit);
  },
};
