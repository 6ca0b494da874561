import { PROTOCOL_VERSION } from '../protocol/messages.ts';
import {
  SUITE,
  type FunctionRef,
  type GatePlan,
  type Json,
  type Plan,
  type ProbePlan,
  type ResourcePlan,
} from '../protocol/plan.ts';
import { HEALED_KINDS, type Needs, type Resource } from '../resources/define.ts';
import { nameOf } from './check-needs.ts';
import { checkGraph, checkPlan } from './check.ts';
import { contentsOf } from './contents.ts';
import { envText } from './env-values.ts';
import { invalid } from './errors.ts';
import { configHashOf, explicitKeyOf, keyOf } from './key.ts';
import type { LoadedConfig } from './load.ts';
import { normalise } from './normalise.ts';
import { passedEnv } from './passed-env.ts';
import { writePath } from './path.ts';
import type { Problem } from './problems.ts';
import type { CheckedConfig } from './schema.ts';
import { suiteModule } from './suite-module.ts';

/** How often and how soon what was lost is brought back, where the config does not say. */
const DEFAULT_RESTART = { max: 3, backoff: 250 };

/** What of a plan comes from the config object alone. */
type PlanData = Pick<Plan, 'resources' | 'gates' | 'linger' | 'leaseTimeout' | 'specEnv'>;

/**
 * Makes the plan that a coordinator is started with: the config as JSON, checked, with its key.
 * @param env The environment to compute the key in and to pass on, declared names only.
 * @throws GreenroomError CONFIG_* for a config that cannot work, BINARY_NOT_FOUND or PACKAGE_NOT_FOUND for what it
 *   needs and is not installed
 */
export async function toPlan(loaded: LoadedConfig, env: NodeJS.ProcessEnv = process.env): Promise<Plan> {
  const { config, file, root } = loaded;
  checkGraph(config);
  const data = planData(config, file);
  const configHash = configHashOf(await contentsOf(loaded, data as unknown as Json, env));
  const owner = { root, uid: process.getuid?.() ?? -1, protocolVersion: PROTOCOL_VERSION };
  const explicit = env['GREENROOM_KEY'] === '' ? config.key : (env['GREENROOM_KEY'] ?? config.key);
  const { suite, workers, budgets } = config;
  const plan: Plan = {
    key: explicit === undefined ? keyOf(configHash, owner) : explicitKeyOf(explicit, owner),
    configHash,
    configFile: file,
    root,
    env: passedEnv(env, config.passEnv),
    ...data,
    ...(workers === undefined ? {} : { workers }),
    ...(budgets === undefined ? {} : { budgets }),
    ...(suite === undefined ? {} : { suiteModule: suiteModule(loaded, suite) }),
  };
  await checkPlan(plan);
  return plan;
}

function planData(config: CheckedConfig, file: string): PlanData {
  const problems: Problem[] = [];
  const namesIn = (needs: Needs): Record<string, string> =>
    Object.fromEntries(
      Object.entries(needs).map(([alias, value]) => [alias, nameOf(config.resources, value) ?? alias]),
    );
  const resources = Object.entries(config.resources).map(([name, resource]): [string, ResourcePlan] => {
    const { kind, type, needs, slice, scope, ports, startTimeout, stopTimeout } = resource;
    const options = normalise(resource.options, ['resources', name, 'options'], problems) as ResourcePlan['options'];
    const cut = {
      ...(slice === undefined ? {} : { slice }),
      ...(scope === undefined ? {} : { scope }),
      ...(ports === undefined ? {} : { ports }),
    };
    const functions = (['reset', 'flush'] as const)
      .filter((option) => resource[option] !== undefined)
      .map((option): [string, FunctionRef] => [option, { $function: writePath(['resources', name, option]) }]);
    const health = healthPlan(resource, ['resources', name], problems);
    return [
      name,
      {
        kind,
        type,
        needs: namesIn(needs),
        options,
        ...cut,
        ...Object.fromEntries(functions),
        ...health,
        startTimeout,
        stopTimeout,
      },
    ];
  });
  const gates = Object.entries(config.gates).map(([name, { needs, probe, timeout }]): [string, GatePlan] => {
    const plan = { needs: namesIn(needs), timeout };
    if (probe === undefined) return [name, plan];
    return [name, { ...plan, probe: normalise(probe, ['gates', name, 'probe'], problems) as unknown as ProbePlan }];
  });
  if (problems.length > 0) throw invalid(file, problems);
  return {
    resources: { ...Object.fromEntries(resources), ...suiteResource(config, namesIn) },
    gates: Object.fromEntries(gates),
    linger: config.linger,
    leaseTimeout: config.leaseTimeout,
    ...specEnv(config.env),
  };
}

/** What is adopted is not ours to restart; what a user's own functions start has to say how it is brought back. */
function healthPlan(
  { kind, options, healthy, restart, heal, startTimeout }: Resource,
  path: readonly string[],
  problems: Problem[],
): Pick<ResourcePlan, 'healthy' | 'restart' | 'heal'> {
  if (!HEALED_KINDS.has(kind)) return {};
  const fixed = restart === false || options['url'] !== undefined || (kind === 'custom' && heal === undefined);
  const { max, backoff, timeout = startTimeout } = { ...DEFAULT_RESTART, ...(restart === false ? {} : restart) };
  return {
    ...(healthy === undefined
      ? {}
      : { healthy: normalise(healthy, [...path, 'healthy'], problems) as unknown as ProbePlan }),
    restart: { max: fixed ? 0 : max, backoff, timeout },
    ...(heal === undefined ? {} : { heal: { $function: writePath([...path, 'heal']) } }),
  };
}

/** The suite's `once` bodies are started and stopped as a resource over all that they need. */
function suiteResource(
  { suite, resources }: CheckedConfig,
  namesIn: (needs: Needs) => Record<string, string>,
): Record<string, ResourcePlan> {
  if (suite === undefined) return {};
  const { needs = resources, startTimeout = 60_000, stopTimeout = 10_000 } = suite;
  return { [SUITE]: { kind: 'suite', type: 'service', needs: namesIn(needs), options: {}, startTimeout, stopTimeout } };
}

function specEnv(env: CheckedConfig['env']): Pick<Plan, 'specEnv'> {
  if (env === undefined) return {};
  if (typeof env === 'function') return { specEnv: { $function: 'env' } satisfies FunctionRef };
  return { specEnv: envText(env) };
}
