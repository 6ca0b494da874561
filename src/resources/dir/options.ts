import { z } from 'zod';
import type { Tmpfs } from '../place.ts';

export const dirOptions = z.strictObject({
  tmpfs: z.union([z.enum(['auto', 'require']), z.literal(false)], { error: "'auto', 'require' or false" }).optional(),
  space: z.int().positive().optional(),
});

/** Options in the plan. */
export interface DirPlan {
  readonly tmpfs?: Tmpfs;
  readonly space?: number;
}
