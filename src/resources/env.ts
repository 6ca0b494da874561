import type { FunctionRef, Json } from '../protocol/plan.ts';
import type { ResourceContext } from './driver.ts';
import { isFunctionRef } from './function-ref.ts';
import { withFiles, type Self } from './service-config/files.ts';

/** What a config may say as the value of an environment variable; what is `undefined` is left out. */
export type EnvValues = Readonly<Record<string, string | number | boolean | undefined>>;

/** `env` of a resource in the plan: an object, or a function of the endpoints it needs. */
export type EnvPlan = FunctionRef | Readonly<Record<string, string | number | boolean>>;

/**
 * A resource's own environment as text, with the directory of its files in place of `{files}`.
 *
 * @param self what its function is told of the resource itself
 * @throws GreenroomError FUNCTION_FAILED when its function gives no such object.
 */
export async function resolveEnv(
  env: EnvPlan | undefined,
  ctx: ResourceContext,
  self: Self,
): Promise<Record<string, string>> {
  if (env === undefined) return {};
  const values = isFunctionRef(env)
    ? await ctx.call(env, [ctx.needs as Json, self as Json], ctx.plan.startTimeout)
    : env;
  if (typeof values !== 'object' || values === null || Array.isArray(values))
    throw noValues(ctx, JSON.stringify(values));
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => {
      if (value === null) return [];
      if (typeof value === 'object') throw noValues(ctx, `${JSON.stringify(value)} as ${name}`);
      return [[name, withFiles(String(value), self.files)]];
    }),
  );
}

/** A variable the config sets to a constant; undefined where only running a function would tell. */
export function constantOf(env: EnvPlan | undefined, name: string): string | undefined {
  return env === undefined || isFunctionRef(env) ? undefined : env[name]?.toString();
}

function noValues(ctx: ResourceContext, got: string): Error {
  const hint = 'return an object of strings, numbers or booleans';
  return ctx.error('FUNCTION_FAILED', `the function \`env\` of ${ctx.name} returned ${got}`, hint);
}
