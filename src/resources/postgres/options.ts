import { z } from 'zod';

export const postgresOptions = z
  .strictObject({
    url: z
      .url({ protocol: /^postgres(ql)?$/, error: 'a url such as postgres://user:password@127.0.0.1:5432/app' })
      .optional(),
    binaries: z.string().min(1).optional(),
    // What needs no quoting in a url or in SQL; PostgreSQL cuts longer names off, so that two could mean one database.
    database: z
      .string()
      .regex(/^[\w-]{1,63}$/, { error: 'a name of at most 63 letters, digits, _ and -' })
      .optional(),
    settings: z
      .record(
        z.string().regex(/^[\w.]+$/, { error: 'the name of a setting' }),
        z.union([z.string(), z.number(), z.boolean()]),
      )
      .optional(),
  })
  .refine(({ url, binaries, database, settings }) => !url || (!binaries && !database && !settings), {
    path: ['url'],
    error: 'no `binaries`, `database` or `settings` beside it, as the server is not ours to set up',
  });

/** Options in the plan. */
export type PostgresPlan = z.infer<typeof postgresOptions>;
