import { z } from 'zod';
import type { FunctionRef } from '../../protocol/plan.ts';
import { httpGateway } from '../gateway/options.ts';
import { functionSchema } from '../probes/schema.ts';

export const customOptions = z.strictObject({
  start: functionSchema,
  stop: functionSchema.optional(),
  gateway: httpGateway.optional(),
  slices: z.strictObject({ make: functionSchema, drop: functionSchema.optional() }).optional(),
});

/** Options in the plan. */
export interface CustomPlan {
  readonly start: FunctionRef;
  readonly stop?: FunctionRef;
  readonly slices?: { readonly make: FunctionRef; readonly drop?: FunctionRef };
}
