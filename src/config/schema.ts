/** The shape of a config, checked where it enters. What depends on more than one value is checked in `check.ts`. */
import { z } from 'zod';
import { FLUSHED_KINDS, HEALED_KINDS, SCOPED_KINDS, SLICED_KINDS } from '../resources/define.ts';
import { functionSchema } from '../resources/probes/schema.ts';
import { optionSchemas, probeSchema } from '../resources/schemas.ts';
import type { Config, Gates } from './define.ts';
import { invalid } from './errors.ts';
import { type Problem, problemsOf } from './problems.ts';

/** A config with its defaults filled in. */
export interface CheckedConfig extends Config {
  readonly gates: Gates;
  readonly linger: number;
  readonly leaseTimeout: number;
  readonly grace: number;
  readonly inputs: readonly string[];
  readonly passEnv: readonly string[];
}

const wholeMilliseconds = z.int({ error: 'a whole number of milliseconds' });
const milliseconds = wholeMilliseconds.min(0, { error: 'a number of milliseconds from 0 on' });
const deadline = wholeMilliseconds.min(1, { error: 'a number of milliseconds from 1 on' });

const count = z.int().min(1, { error: 'a number from 1 on, or `restart: false`' });

const resourceValue = z.custom(isMarked('resource'), {
  error: 'a resource, as `command({ … })` returns it',
});
const gateValue = z.custom(isMarked('gate'), { error: 'a gate, as `gate({ … })` returns it' });
const needs = z.record(z.string(), resourceValue, { error: 'an object of resource values, as in `{ db }`' });

const variableName = z.string().regex(/^[^=\0]+$/, { error: 'the name of an environment variable' });
const envSchema = z.record(
  variableName,
  z.union([z.string(), z.number(), z.boolean(), z.undefined()], { error: 'a string, a number, true or false' }),
  { error: 'an object of variables' },
);

const topSchema = z.strictObject({
  resources: z.record(z.string(), resourceValue, { error: 'an object of resource values, as in `{ db, api }`' }),
  gates: z.record(z.string(), gateValue, { error: 'an object of gate values' }).optional(),
  suite: z
    .strictObject({
      module: z.string().min(1),
      needs: needs.optional(),
      startTimeout: deadline.optional(),
      stopTimeout: milliseconds.optional(),
    })
    .optional(),
  env: z.union([functionSchema, envSchema]).optional(),
  linger: milliseconds.optional(),
  leaseTimeout: deadline.optional(),
  grace: milliseconds.optional(),
  workers: z.int().min(1).optional(),
  budgets: z
    .strictObject({
      build: deadline.optional(),
      start: deadline.optional(),
      specs: deadline.optional(),
      teardown: deadline.optional(),
    })
    .optional(),
  key: z.string().min(1).optional(),
  inputs: z.array(z.string().min(1)).optional(),
  passEnv: z.array(variableName).optional(),
});

const resourceSchema = z.strictObject({
  greenroom: z.literal('resource'),
  kind: z.enum(Object.keys(optionSchemas)),
  type: z.enum(['service', 'job']),
  needs,
  slice: z.enum(['worker', 'file', 'test'], { error: '`worker`, `file`, `test` or `none`' }).optional(),
  shared: z.literal('base').optional(),
  scope: z.literal('worker', { error: '`worker` or `shared`' }).optional(),
  ports: z.literal('gateway').optional(),
  reset: functionSchema.optional(),
  healthy: probeSchema.optional(),
  restart: z
    .union(
      [
        z.literal(false),
        z.strictObject({ max: count.optional(), backoff: milliseconds.optional(), timeout: deadline.optional() }),
      ],
      {
        error: '`false`, or an object of `max`, `backoff` and `timeout`',
      },
    )
    .optional(),
  heal: functionSchema.optional(),
  flush: functionSchema.optional(),
  options: z.unknown(),
  startTimeout: deadline,
  stopTimeout: milliseconds,
});

const gateSchema = z
  .strictObject({ greenroom: z.literal('gate'), needs, probe: probeSchema.optional(), timeout: deadline })
  .refine((gate) => gate.probe !== undefined || Object.keys(gate.needs).length > 0, {
    path: ['needs'],
    error: 'at least one resource, because there is no `probe` to wait for',
  });

/** What every kind takes besides its own options; builders move it out of them. */
const COMMON_OPTIONS = ['needs', 'startTimeout', 'stopTimeout'];
const SLICE_OPTIONS = ['slice', 'shared'];
const SCOPE_OPTIONS = ['scope', 'reset'];
const HEALTH_OPTIONS = ['healthy', 'restart', 'heal'];
const FLUSH_OPTIONS = ['flush'];

/**
 * Checks the default export of a config file and fills in the defaults.
 * @throws GreenroomError CONFIG_INVALID with all that is wrong
 */
export function validate(value: object, file: string): CheckedConfig {
  const problems = [...problemsOf(topSchema, value), ...partProblems(value)];
  if (problems.length > 0) throw invalid(file, problems);
  const { gates = {}, linger = 2000, leaseTimeout = 300_000, grace = 10_000, ...rest } = value as Config;
  const { inputs = [], passEnv = [] } = rest;
  return { ...rest, gates, linger, leaseTimeout, grace, inputs, passEnv };
}

/** Checks each resource by its kind, and each gate; what is neither is the top schema's matter. */
function partProblems({ resources, gates }: Partial<Config>): Problem[] {
  return [
    ...Object.entries(resources ?? {}).flatMap(([name, resource]) =>
      isMarked('resource')(resource) ? under(['resources', name], resourceProblems(resource)) : [],
    ),
    ...Object.entries(gates ?? {}).flatMap(([name, gate]) =>
      isMarked('gate')(gate) ? under(['gates', name], problemsOf(gateSchema, gate)) : [],
    ),
  ];
}

function resourceProblems(resource: { kind?: unknown; options?: unknown }): Problem[] {
  const problems = problemsOf(resourceSchema, resource);
  const options = Object.hasOwn(optionSchemas, String(resource.kind))
    ? optionSchemas[String(resource.kind)]
    : undefined;
  return options === undefined
    ? problems
    : [
        ...problems,
        ...under(
          ['options'],
          problemsOf(options, resource.options, [
            ...COMMON_OPTIONS,
            ...(SLICED_KINDS.has(String(resource.kind)) ? SLICE_OPTIONS : []),
            ...(SCOPED_KINDS.has(String(resource.kind)) ? SCOPE_OPTIONS : []),
            ...(HEALED_KINDS.has(String(resource.kind)) ? HEALTH_OPTIONS : []),
            ...(FLUSHED_KINDS.has(String(resource.kind)) ? FLUSH_OPTIONS : []),
          ]),
        ),
      ];
}

function under(prefix: readonly string[], problems: readonly Problem[]): Problem[] {
  return problems.map((problem) => ({ ...problem, path: [...prefix, ...problem.path] }));
}

function isMarked(mark: 'resource' | 'gate') {
  return (value: unknown): value is { readonly greenroom: string } =>
    typeof value === 'object' && value !== null && 'greenroom' in value && value.greenroom === mark;
}
