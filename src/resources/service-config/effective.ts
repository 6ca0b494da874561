/** Asks a service which configuration it has, and compares it with what it should have. */
import { redactorOf, redact, secretsIn } from '../../protocol/redact.ts';
import { describeError } from '../../protocol/failure.ts';
import type { Endpoint, Endpoints, Json, ProbePlan } from '../../protocol/plan.ts';
import type { ResourceContext } from '../driver.ts';
import { isFunctionRef } from '../function-ref.ts';
import { differences, type Difference } from './compare.ts';
import type { Self } from './files.ts';
import type { EffectivePlan } from './options.ts';
import { originOf, type Source } from './origin.ts';

/** What the check is made with. */
export interface Effective {
  /** As the resource sees them. */
  readonly needs: Endpoints;
  readonly self: Self;
  /** Ready, and published to nobody yet. */
  readonly endpoint: Endpoint;
  /** Until it can be asked; the start's own wait, with what ends it. */
  readonly untilPasses: (probe: ProbePlan, endpoint: Endpoint) => Promise<Readonly<Record<string, string>>>;
  /** Where a value may come from; only looked at when there is a difference. */
  readonly sources: () => Promise<readonly Source[]>;
}

/**
 * @throws GreenroomError CONFIG_OVERRIDDEN with every key that has another value; RESOURCE_START_FAILED or
 * FUNCTION_FAILED where it cannot be read
 */
export async function checkEffective(
  plan: EffectivePlan | undefined,
  ctx: ResourceContext,
  how: Effective,
): Promise<void> {
  if (plan === undefined) return;
  const wants = isFunctionRef(plan.wants)
    ? await ctx.call(plan.wants, [how.needs as Json, how.self as Json], ctx.plan.startTimeout)
    : plan.wants;
  const different = differences(wants, await read(plan, ctx, how));
  if (different.length === 0) return;
  const sources = await how.sources();
  const origins = different.map(({ key, has }) => (has === undefined ? undefined : originOf(key, has, sources)));
  const lines = different.map((one, index) => line(one, origins[index], secretsIn(how.needs)));
  const what = different.length === 1 ? 'a key' : `${different.length} keys`;
  throw ctx.error(
    'CONFIG_OVERRIDDEN',
    [`${ctx.name} runs with other values than wanted for ${what} of its configuration:`, ...lines].join('\n'),
    nextStep(origins),
  );
}

async function read({ from }: EffectivePlan, ctx: ResourceContext, how: Effective): Promise<Json> {
  if (isFunctionRef(from)) return ctx.call(from, [how.endpoint as Json, ctx.needs as Json], ctx.plan.startTimeout);
  const { body = '' } = await how.untilPasses({ ...from, keep: true }, how.endpoint);
  try {
    return JSON.parse(body) as Json;
  } catch (error) {
    throw ctx.error(
      'RESOURCE_START_FAILED',
      `the configuration of ${ctx.name} cannot be read: GET ${from.path} is answered with no JSON: ${describeError(error)}`,
      'read it by a function as `effective.from`, where the answer is no JSON',
    );
  }
}

function line({ key, wants, has }: Difference, origin: string | undefined, secrets: readonly string[]): string {
  const shown = (value: string): string => masked(key, value, secrets);
  const effective = has === undefined ? '(nothing)' : shown(has);
  const other = effective === shown(wants) ? `${effective} (another one)` : effective;
  const from = has === undefined ? '' : ` from=${origin ?? 'unknown'}`;
  return `CONFIG_OVERRIDDEN key=${key}${from} wants=${shown(wants)} has=${other}`;
}

/** Secret by the key's own name, or by what is known of the resources. */
function masked(key: string, value: string, secrets: readonly string[]): string {
  const name = key.slice(key.lastIndexOf('.') + 1);
  const { [name]: text } = redact({ [name]: value }, redactorOf(secrets)) as Record<string, string>;
  return text ?? '';
}

function nextStep(origins: readonly (string | undefined)[]): string {
  const [file] = origins.flatMap((origin) => /^(.*):\d+$/.exec(origin ?? '')?.[1] ?? []);
  const env = origins.find((origin) => origin?.startsWith('env:'));
  if (file?.startsWith('{files}') === true)
    return `${file} is rendered with another value than \`wants\` has: correct one`;
  if (file !== undefined) return `take these keys out of ${file}, or have it rendered: \`files\` of the resource`;
  if (env !== undefined) return `${env.slice('env:'.length)} in its environment wins: change it in \`env\``;
  return 'look where it reads these keys from, and in which order: what wins must be what Greenroom gives it';
}
