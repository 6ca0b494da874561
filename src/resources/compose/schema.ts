/** What of a compose file is understood. What is not here is refused by name: what is left out in silence is a fault that nobody finds. */
import { isAbsolute } from 'node:path';
import { z } from 'zod';

const text = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const words = z.union([z.string(), z.array(z.string())]);
const list = words.transform((given) => [given].flat());
const map = z.union([
  z.record(z.string(), text.nullable()),
  z.array(z.string()).transform((lines): Record<string, string | null> => Object.fromEntries(lines.map(pair))),
]);

/** `A=b` or `C`, which has no value. */
function pair(line: string): readonly [string, string | null] {
  const at = line.indexOf('=');
  return at < 0 ? [line, null] : [line.slice(0, at), line.slice(at + 1)];
}

const build = z.union([
  z.string().transform((context) => ({ context })),
  z.strictObject({
    context: z.string(),
    dockerfile: z.string().optional(),
    args: map.optional(),
    target: z.string().optional(),
  }),
]);

const healthcheck = z.strictObject({
  test: words.optional(),
  disable: z.boolean().optional(),
  // How often and for how long is said by `startTimeout` and the pace of our own probes.
  interval: z.unknown().optional(),
  timeout: z.unknown().optional(),
  retries: z.unknown().optional(),
  start_period: z.unknown().optional(),
  start_interval: z.unknown().optional(),
});

const dependency = z.strictObject({
  condition: z.enum(['service_started', 'service_healthy', 'service_completed_successfully']).optional(),
  required: z.boolean().optional(),
  restart: z.boolean().optional(),
});
const dependencies = z.union([
  z
    .array(z.string())
    .transform((names): Record<string, z.infer<typeof dependency>> =>
      Object.fromEntries(names.map((name) => [name, {}])),
    ),
  z.record(z.string(), dependency),
]);

const longVolume = z.strictObject({
  type: z.enum(['bind', 'volume', 'tmpfs']),
  source: z.string().optional(),
  target: z.string(),
  read_only: z.boolean().optional(),
});
const volume = z.union([z.string().transform(long), longVolume]);

/** `SOURCE:TARGET:FLAGS` */
function long(short: string): z.infer<typeof longVolume> {
  const parts = short.split(':');
  const [source = '', target = '', flags = ''] = parts.length === 1 ? ['', ...parts] : parts;
  const isPath = source.startsWith('.') || isAbsolute(source);
  return { type: isPath ? 'bind' : 'volume', source, target, read_only: flags.split(',').includes('ro') };
}

/** A file of the host that a service is given: by its name at the top of the file, and where the service finds it. */
const granted = z.union([
  z.string().transform((source): { source: string; target?: string } => ({ source })),
  z.strictObject({
    source: z.string(),
    target: z.string().optional(),
    // They stay as they are on the host, as with `docker compose`.
    uid: z.unknown().optional(),
    gid: z.unknown().optional(),
    mode: z.unknown().optional(),
  }),
]);

const port = z.union([text, z.looseObject({ target: z.union([z.string(), z.number()]).transform(String) })]);

const limits = z.looseObject({ memory: text.optional(), cpus: text.optional() });

const extension = z.union([
  z.string().transform((service): { service: string; file?: string } => ({ service })),
  z.strictObject({ service: z.string(), file: z.string().optional() }),
]);

export const serviceSchema = z.strictObject({
  extends: extension.optional(),
  image: z.string().optional(),
  build: build.optional(),
  command: words.nullish(),
  entrypoint: words.nullish(),
  environment: map.optional(),
  env_file: list.optional(),
  ports: z.array(port).optional(),
  expose: z.array(text).optional(),
  healthcheck: healthcheck.optional(),
  depends_on: dependencies.optional(),
  volumes: z.array(volume).optional(),
  tmpfs: list.optional(),
  secrets: z.array(granted).optional(),
  configs: z.array(granted).optional(),
  user: text.optional(),
  mem_limit: text.optional(),
  cpus: z.union([z.string(), z.number()]).transform(Number).optional(),
  deploy: z.looseObject({ resources: z.looseObject({ limits: limits.optional() }).optional() }).optional(),
  stop_signal: z.string().optional(),
  stop_grace_period: z.string().optional(),
  // Names, networks and what becomes of a container afterwards are a matter of the generation.
  container_name: z.unknown().optional(),
  networks: z.unknown().optional(),
  restart: z.unknown().optional(),
  labels: z.unknown().optional(),
  logging: z.unknown().optional(),
  profiles: z.unknown().optional(),
  pull_policy: z.unknown().optional(),
});

/** Of a service that nobody may want: what others wait for of it, and whether it is wanted by itself. */
export const relationsSchema = z.looseObject({
  depends_on: serviceSchema.shape.depends_on.catch(undefined),
  profiles: z.array(z.string()).optional().catch(undefined),
});

const sources = z
  .record(z.string(), z.record(z.string(), z.unknown()).nullable())
  .nullish()
  .transform((given) => given ?? {});

/** The file; services, secrets and configs are checked when they are wanted. */
export const composeSchema = z.looseObject({
  services: z.record(z.string(), z.record(z.string(), z.unknown())),
  secrets: sources,
  configs: sources,
});

export type ComposeService = z.infer<typeof serviceSchema>;
export type ComposeFile = z.infer<typeof composeSchema>;
export type ComposeGrant = z.infer<typeof granted>;
export type ComposeVolume = z.infer<typeof volume>;
