/** What a service and a job have in common: the program they run. */
import { resolve } from 'node:path';
import type { Preflight, ProcessSpec, ResourceContext } from '../driver.ts';
import { constantOf, resolveEnv } from '../env.ts';
import { preflightProbe } from '../probes/preflight.ts';
import { withPort } from '../port-words.ts';
import { requireDirectory, requireProgram } from '../programs.ts';
import { render, withFiles, write, type Rendered, type Self } from '../service-config/files.ts';
import { nearFiles } from '../service-config/near-files.ts';
import { givenSources, type Source } from '../service-config/origin.ts';
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

/** A program as it is run: the process that the driver watches itself, and the files that it was given. */
export interface Program {
  readonly spec: ProcessSpec;
  readonly rendered: readonly Rendered[];
}

/** Renders its files and its environment. */
export async function programOf(options: JobPlan, ctx: ResourceContext, self: Self): Promise<Program> {
  const words = withPort(options.run, self.port);
  const rendered = await render(options.files, ctx, ctx.needs, self);
  if (self.files !== undefined) await write(self.files, rendered);
  const spec = {
    run: words.run.map((word) => withFiles(word, self.files)),
    cwd: resolve(ctx.root, options.cwd ?? '.'),
    env: { ...(await resolveEnv(options.env, ctx, self)), ...words.env },
    oneShot: true,
    ...(options.stopSignal === undefined ? {} : { stopSignal: options.stopSignal }),
  };
  return { spec, rendered };
}

/** Where a value of its configuration may come from: what it was given, then what lies where it runs. */
export async function sourcesOf({ spec, rendered }: Program, ctx: ResourceContext): Promise<readonly Source[]> {
  const { run, cwd = ctx.root, env = {} } = spec;
  return [...givenSources(rendered, { ...ctx.env, ...env }, run.slice(1)), ...(await nearFiles(ctx.root, cwd, run))];
}
