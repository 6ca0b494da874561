import { z } from 'zod';
import type { FunctionRef } from '../../protocol/plan.ts';
import { functionSchema } from '../probes/schema.ts';

export const imageOptions = z.strictObject({
  context: z.string().min(1),
  file: z.string().min(1).optional(),
  args: z.record(z.string(), z.string()).optional(),
  target: z.string().min(1).optional(),
  noCache: z.boolean().optional(),
  externalInputs: z.record(z.string(), z.union([z.string(), functionSchema])).optional(),
});

/** Options of an image, in the plan. */
export interface ImagePlan {
  readonly context: string;
  readonly file?: string;
  readonly args?: Readonly<Record<string, string>>;
  readonly target?: string;
  readonly noCache?: boolean;
  readonly externalInputs?: Readonly<Record<string, string | FunctionRef>>;
}
