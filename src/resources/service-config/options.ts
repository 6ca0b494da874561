/** The same as the config layer checks it, and as it stands in the plan. */
import { isAbsolute } from 'node:path';
import { z } from 'zod';
import type { FunctionRef, Json, ProbePlan } from '../../protocol/plan.ts';
import { functionSchema } from '../probes/schema.ts';

const values = z.record(z.string(), z.json());

const filePath = z
  .string()
  .refine((path) => path !== '' && !isAbsolute(path) && !path.split('/').some((part) => /^\.{0,2}$/.test(part)), {
    error: 'a path inside of its own directory, such as `app.yaml`',
  });

export const filesSchema = z.record(
  filePath,
  z.union([z.string(), functionSchema, values], { error: 'a text, an object or a function that returns one' }),
);

export const effectiveSchema = z.strictObject({
  from: z.union(
    [
      functionSchema,
      z.strictObject({
        probe: z.literal('http'),
        path: z.string().startsWith('/', 'a path that begins with /'),
        timeout: z.number().positive().optional(),
        interval: z.number().nonnegative().optional(),
        startPeriod: z.number().nonnegative().optional(),
      }),
    ],
    { error: "http('/path') or a function" },
  ),
  wants: z.union([functionSchema, values], { error: 'an object of values by key, or a function that returns one' }),
});

/** `files` in the plan. */
export type FilesPlan = Readonly<Record<string, FunctionRef | Json>>;

/** `effective` in the plan. */
export interface EffectivePlan {
  readonly from: FunctionRef | Extract<ProbePlan, { probe: 'http' }>;
  readonly wants: FunctionRef | Json;
}
