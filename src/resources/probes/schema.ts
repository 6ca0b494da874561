/** The shape of what `define.ts` builds, for the check of the config. */
import { z } from 'zod';

/** A function of the config; it runs in the config host. */
export const functionSchema = z.custom<(...args: never[]) => unknown>(
  (value) => typeof value === 'function',
  'a function',
);

const milliseconds = z.number().nonnegative();
const alias = z.string().min(1);
const timing = {
  interval: milliseconds.optional(),
  timeout: milliseconds.positive().optional(),
  startPeriod: milliseconds.optional(),
};

/** Any probe. */
export const probeSchema: z.ZodType = z.lazy(() =>
  z.discriminatedUnion('probe', [
    z.strictObject({
      probe: z.literal('tcp'),
      of: alias.optional(),
      port: portSchema.optional(),
      ...timing,
    }),
    z.strictObject({
      probe: z.literal('http'),
      of: alias.optional(),
      path: z.string().startsWith('/', 'a path that begins with /'),
      status: z.int().min(100).max(599).optional(),
      header: z.tuple([z.string(), z.string()]).optional(),
      json: functionSchema.optional(),
      ...timing,
    }),
    z.strictObject({ probe: z.literal('exec'), run: runSchema, ...timing }),
    z.strictObject({
      probe: z.literal('log'),
      pattern: z.instanceof(RegExp, { error: 'a regular expression' }),
      ...timing,
    }),
    z.strictObject({ probe: z.literal('sql'), of: alias.optional(), query: z.string().min(1), ...timing }),
    z.strictObject({ probe: z.literal('redis'), of: alias.optional(), ...timing }),
    z.strictObject({ probe: z.literal('function'), check: functionSchema, ...timing }),
    z.strictObject({
      probe: z.literal('capacity'),
      of: alias,
      path: z.string().startsWith('/', 'a path that begins with /'),
      connectionsPerWorker: z.int().min(1).max(100),
    }),
    z.strictObject({ probe: z.literal('all'), of: z.array(probeSchema).min(1) }),
    z.strictObject({ probe: z.literal('any'), of: z.array(probeSchema).min(1) }),
  ]),
);

const aPort = { error: 'a port from 1 to 65535' };

/** A TCP port. */
export const portSchema = z.int(aPort).min(1, aPort).max(65_535, aPort);

/** Program and arguments. */
export const runSchema = z.array(z.string()).min(1, 'a program and its arguments');
