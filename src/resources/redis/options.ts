import { z } from 'zod';
import { tcpGateway } from '../gateway/options.ts';

export const redisOptions = z.strictObject({
  url: z.url({ protocol: /^rediss?$/, error: 'a url such as redis://127.0.0.1:6379' }).optional(),
  gateway: tcpGateway.optional(),
});

/** Options in the plan. */
export type RedisPlan = z.infer<typeof redisOptions>;
