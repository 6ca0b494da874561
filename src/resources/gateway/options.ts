import { z } from 'zod';

const count = z.int().positive();

/** In front of an HTTP server. */
export const httpGateway = z.strictObject({
  maxConcurrent: count.optional(),
  maxQueue: count.optional(),
  queueTimeout: count.optional(),
  keepBodies: z.int().nonnegative().optional(),
});

/** In front of any other server. */
export const tcpGateway = z.strictObject({});

/** Options in the plan. */
export type GatewayPlan = z.infer<typeof httpGateway>;
