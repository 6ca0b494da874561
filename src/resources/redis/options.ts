import { z } from 'zod';

export const redisOptions = z.strictObject({
  url: z.url({ protocol: /^rediss?$/, error: 'a url such as redis://127.0.0.1:6379' }).optional(),
});

/** Options in the plan. */
export type RedisPlan = z.infer<typeof redisOptions>;
