import { z } from 'zod';
import { tcpGateway } from '../gateway/options.ts';
import { functionSchema, runSchema } from '../probes/schema.ts';
import type { MigrationPlan } from './migration.ts';
import { MAINTENANCE } from './names.ts';

const glob = z.string().min(1, { error: 'a glob of files' });
const globs = z.union([glob, z.array(glob).min(1)]);

const migration = z.union(
  [
    glob,
    z.array(glob).min(1),
    functionSchema,
    z
      .strictObject({
        run: runSchema,
        cwd: z.string().optional(),
        files: globs.optional(),
        version: z.union([z.string(), z.number()]).optional(),
      })
      .refine(({ files, version }) => files !== undefined || version !== undefined, {
        path: ['files'],
        error: 'globs of the files it reads, or `version`: something must say when it has changed',
      }),
  ],
  {
    error: 'globs of SQL files, a function, or a command, `{ run, files }`',
  },
);

/** Options that say what a server of ours is like, or that need its superuser or its end. */
const OWN_ONLY = ['binaries', 'database', 'settings', 'tmpfs', 'keepOnFailure', 'reset'] as const;

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
    extensions: z.array(z.string().regex(/^[\w-]{1,63}$/, { error: 'the name of an extension' })).optional(),
    migrate: migration.optional(),
    seed: migration.optional(),
    salt: z.string().optional(),
    keepOnFailure: z.boolean().optional(),
    reset: z.literal('delete-dirty', { error: "'delete-dirty'" }).optional(),
    gateway: tcpGateway.optional(),
    tmpfs: z.union([z.enum(['auto', 'require']), z.literal(false)], { error: "'auto', 'require' or false" }).optional(),
  })
  .refine(({ url, ...others }) => !url || OWN_ONLY.every((option) => others[option] === undefined), {
    path: ['url'],
    error: `no ${OWN_ONLY.map((option) => `\`${option}\``).join(', ')} beside it, as the server is not ours`,
  })
  .refine((options) => options.database !== MAINTENANCE || !hasTemplate(options), {
    path: ['database'],
    error: `a name other than \`${MAINTENANCE}\`, which is the server's own and cannot be made from a template`,
  });

/** Whether the database is made from a template: whether it is anything but empty. */
export function hasTemplate({ extensions = [], migrate, seed }: TemplateOptions): boolean {
  return extensions.length > 0 || migrate !== undefined || seed !== undefined;
}

interface TemplateOptions {
  readonly extensions?: readonly string[] | undefined;
  readonly migrate?: unknown;
  readonly seed?: unknown;
}

/** Options in the plan. */
export interface PostgresPlan {
  readonly url?: string;
  readonly binaries?: string;
  readonly database?: string;
  readonly settings?: Settings;
  readonly extensions?: readonly string[];
  readonly migrate?: MigrationPlan;
  readonly seed?: MigrationPlan;
  readonly salt?: string;
  readonly tmpfs?: 'auto' | 'require' | false;
  readonly keepOnFailure?: boolean;
  readonly reset?: 'delete-dirty';
}

/** As in postgresql.conf. */
export type Settings = Readonly<Record<string, string | number | boolean>>;
