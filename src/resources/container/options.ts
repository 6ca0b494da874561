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

export const containerOptions = z.strictObject({
  image: z.union([z.string().min(1), z.strictObject({ need: z.string() })], {
    error: 'the name of an image, or one that is built: `image({ context })`',
  }),
  port: portSchema,
  ports: z.record(z.string(), portSchema).optional(),
  url: z.string().includes('{port}', { error: 'a url with `{host}` and `{port}` in it' }).optional(),
  command: runSchema.optional(),
  entrypoint: runSchema.optional(),
  env: programOptions.env,
  files: programOptions.files,
  effective: effectiveSchema.optional(),
  stopSignal: programOptions.stopSignal,
  volumes: z.record(path, volume).optional(),
  user: z.string().min(1).optional(),
  memory: size.optional(),
  cpus: z.number().positive().optional(),
  ready: probeSchema.optional(),
  healthCheck: z.union([z.literal(true), runSchema]).optional(),
  network: z
    .string()
    .regex(/^(?!(?:host|none|private|slirp4netns|pasta)$)[\w.-]+$/, {
      error: 'the name of a network that is there; without one of its own, as with `host`, a container has no name',
    })
    .optional(),
});

/** Options of a container, in the plan. */
export interface ContainerPlan {
  readonly image: ImageReference;
  readonly port: number;
  readonly ports?: Readonly<Record<string, number>>;
  readonly url?: string;
  readonly command?: readonly string[];
  readonly entrypoint?: readonly string[];
  readonly env?: EnvPlan;
  readonly files?: FilesPlan;
  readonly effective?: EffectivePlan;
  readonly stopSignal?: NodeJS.Signals;
  readonly volumes?: Readonly<Record<string, Volume>>;
  readonly user?: string;
  readonly memory?: string;
  readonly cpus?: number;
  readonly ready?: ProbePlan;
  readonly healthCheck?: true | readonly string[];
  readonly network?: string;
}
