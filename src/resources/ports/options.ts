import { z } from 'zod';

export const portsOptions = z.strictObject({
  count: z.int().min(1).max(1_000).optional(),
});

/** Options in the plan. */
export interface PortsPlan {
  readonly count?: number;
}
