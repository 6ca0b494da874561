/** What a service and a job have in common: the program they run. */
import { resolve } from 'node:path';
import type { Preflight, ProcessSpec, ResourceContext } from '../driver.ts';
import { constantOf, resolveEnv } from '../env.ts';
import { preflightProbe } from '../probes/preflight.ts';
import { withPort } from '../port-words.ts';
import { requireDirectory, requireProgram } from '../programs.ts';
import type { JobPlan, ServicePlan } from './options.ts';

/** The program must be there, as the program of an `exec` probe must. */
export const preflightProgram: Preflight = async (name, plan, root, env) => {
  const { run, cwd, ready, env: own } = plan.options as unknown as ServicePlan;
  const directory = resolve(root, cwd ?? '.');
  requireDirectory(name, directory);
  const path = constantOf(own, 'PATH') ?? env['PATH'] ?? '';
  requireProgram(name, run[0] ?? '', directory, path);
  if (ready !== undefined) preflightProbe(name, ready, root, env);
};

/** The program as a process that the driver watches itself. */
export async function processOf(options: JobPlan, ctx: ResourceContext, port?: number): Promise<ProcessSpec> {
  const words = withPort(options.run, port);
  return {
    run: words.run,
    cwd: resolve(ctx.root, options.cwd ?? '.'),
    env: { ...(await resolveEnv(options.env, ctx)), ...words.env },
    oneShot: true,
    ...(options.stopSignal === undefined ? {} : { stopSignal: options.stopSignal }),
  };
}
