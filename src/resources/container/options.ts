import { z } from 'zod';
import type { ProbePlan } from '../../protocol/plan.ts';
import { programOptions } from '../command/options.ts';
import type { EnvPlan } from '../env.ts';
import type { ImageReference } from '../image/identity.ts';
import { effectiveSchema, type EffectivePlan, type FilesPlan } from '../service-config/options.ts';
import { portSchema, probeSchema, runSchema } from '../probes/schema.ts';
import type { Volume } from './index.ts';

const size = z.string().regex(/^\d+[bkmg]?$/i, { error: 'a number of bytes, such as `512m`' });
const path = z.string().startsWith('/', { error: 'an absolute path' });

const volume = z.union([
  z.strictObject({ cache: z.string().regex(/^[a-zA-Z0-9][\w.-]*$/, { error: 'a name of letters and digits' }) }),
  z.strictObject({ bind: z.string().min(1), readOnly: z.boolean().optional(), relabel: z.boolean().optional() }),
  z.strictObject({ tmpfs: size }),
]);

/** Of everything that runs in a container. */
const contained = {
  image: z.union([z.string().min(1), z.strictObject({ need: z.string() })], {
    error: 'the name of an image, or one that is built: `image({ context })`',
  }),
  command: runSchema.optional(),
  entrypoint: runSchema.optional(),
  env: programOptions.env,
  files: programOptions.files,
  stopSignal: programOptions.stopSignal,
  volumes: z.record(path, volume).optional(),
  user: z.string().min(1).optional(),
  memory: size.optional(),
  cpus: z.number().positive().optional(),
  network: z
    .string()
    .regex(/^(?!(?:host|none|private|slirp4netns|pasta)$)[\w.-]+$/, {
      error: 'the name of a network that is there; without one of its own, as with `host`, a container has no name',
    })
    .optional(),
};

export const containerOptions = z.strictObject({
  ...contained,
  port: portSchema,
  ports: z.record(z.string(), portSchema).optional(),
  url: z.string().includes('{port}', { error: 'a url with `{host}` and `{port}` in it' }).optional(),
  effective: effectiveSchema.optional(),
  ready: probeSchema.optional(),
  healthCheck: z.union([z.literal(true), runSchema]).optional(),
});

export const containerJobOptions = z.strictObject(contained);

/** Options of a job that runs in a container, in the plan. */
export interface ContainerJobPlan {
  readonly image: ImageReference;
  readonly command?: readonly string[];
  readonly entrypoint?: readonly string[];
  readonly env?: EnvPlan;
  readonly files?: FilesPlan;
  readonly stopSignal?: NodeJS.Signals;
  readonly volumes?: Readonly<Record<string, Volume>>;
  readonly user?: string;
  readonly memory?: string;
  readonly cpus?: number;
  readonly network?: string;
}

/** Options of a server that runs in a container, in the plan. */
export interface ContainerPlan extends ContainerJobPlan {
  readonly port: number;
  readonly ports?: Readonly<Record<string, number>>;
  readonly url?: string;
  readonly effective?: EffectivePlan;
  readonly ready?: ProbePlan;
  readonly healthCheck?: true | readonly string[];
}

/** The ports that it listens on, in the container. */
export function portsInside({ port, ports = {} }: Pick<ContainerPlan, 'port' | 'ports'>): readonly number[] {
  return [port, ...Object.values(ports)];
}
