import { constants } from 'node:os';
import { z } from 'zod';
import type { ProbePlan } from '../../protocol/plan.ts';
import type { EnvPlan } from '../env.ts';
import { httpGateway } from '../gateway/options.ts';
import { effectiveSchema, filesSchema, type EffectivePlan, type FilesPlan } from '../service-config/options.ts';
import { functionSchema, portSchema, probeSchema, runSchema } from '../probes/schema.ts';

export const programOptions = {
  run: runSchema,
  cwd: z.string().optional(),
  env: z
    .union([functionSchema, z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.undefined()]))], {
      error: 'an object of strings, numbers or booleans, or a function that returns one',
    })
    .optional(),
  files: filesSchema.optional(),
  stopSignal: z.enum(Object.keys(constants.signals)).optional(),
};

export const jobOptions = z.strictObject(programOptions);

export const serviceOptions = z
  .strictObject({
    ...programOptions,
    port: z.union([portSchema, z.literal('auto'), z.literal(false)], { error: "a port, 'auto' or false" }),
    ready: probeSchema.optional(),
    effective: effectiveSchema.optional(),
    gateway: httpGateway.optional(),
  })
  .refine(({ port, ready }) => port !== false || ready !== undefined, {
    path: ['ready'],
    error: 'a probe, because with `port: false` nothing else tells when it is ready',
  });

/** Options of a job, in the plan. */
export interface JobPlan {
  readonly run: readonly string[];
  readonly cwd?: string;
  readonly env?: EnvPlan;
  readonly files?: FilesPlan;
  readonly stopSignal?: NodeJS.Signals;
}

/** Options of a service, in the plan. */
export interface ServicePlan extends JobPlan {
  readonly port: number | 'auto' | false;
  readonly ready?: ProbePlan;
  readonly effective?: EffectivePlan;
}
