import { z } from 'zod';

/** PostgreSQL cuts longer names off silently, so that two of them can mean one database. */
const LONGEST_NAME = 63;

export const postgresOptions = z
  .strictObject({
    url: z
      .url({ protocol: /^postgres(ql)?$/, error: 'a url such as postgres://user:password@127.0.0.1:5432/app' })
      .optional(),
    binaries: z.string().min(1).optional(),
    database: z
      .string()
      .refine((name) => name !== '' && Buffer.byteLength(name) <= LONGEST_NAME, {
        error: `a name of 1 to ${LONGEST_NAME} bytes`,
      })
      .optional(),
    settings: z.record(z.string().regex(/^[\w.]+$/), z.union([z.string(), z.number(), z.boolean()])).optional(),
  })
  .refine(({ url, binaries, database, settings }) => !url || (!binaries && !database && !settings), {
    path: ['url'],
    error: 'no `binaries`, `database` or `settings` beside it, as the server is not ours to set up',
  });

/** Options in the plan. */
export type PostgresPlan = z.infer<typeof postgresOptions>;
