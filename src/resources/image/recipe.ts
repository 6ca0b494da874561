import { parseBuildFile, type BuildFile } from '../../containers/build/build-file.ts';
import { digestOf } from '../../containers/build/digest.ts';
import type { Engine } from '../../containers/engine.ts';
import type { ResourceContext } from '../driver.ts';
import type { ImageEndpoint } from './index.ts';
import type { ImagePlan } from './options.ts';
import { presentImage } from './present.ts';
import { readSource, type Source } from './source.ts';

/** All that a build needs to know. */
export interface Recipe {
  readonly source: Source;
  readonly digest: string;
  readonly args: Readonly<Record<string, string>>;
  /** What the build file calls it → name of the image. */
  readonly bases: Readonly<Record<string, string>>;
  readonly noCache: boolean;
}

export const optionsOf = (ctx: ResourceContext): ImagePlan => ctx.plan.options as unknown as ImagePlan;

/**
 * Finds out what an image is made from now.
 *
 * @throws GreenroomError CONFIG_INVALID, INFRA_IMAGE_NAME for a base that is not there, or what a function of the config threw
 */
export async function recipeOf(ctx: ResourceContext, engine: Engine): Promise<Recipe> {
  const { args = {}, target, noCache = false } = optionsOf(ctx);
  const source = await readSource(ctx.name, ctx.root, optionsOf(ctx));
  const externalInputs = await versionsOf(ctx);
  const buildFile = parseBuildFile(source.buildFile, args);
  const own = ownBases(ctx, buildFile);
  const foreign = await foreignBases(ctx, engine, buildFile, own);
  const digest = digestOf({
    source: source.digest,
    args,
    ...(target === undefined ? {} : { target }),
    bases: { ...mapped(own, (image) => image.digest), ...foreign },
    externalInputs,
  });
  const told = Object.entries(externalInputs).filter(([name]) => buildFile.args.includes(name));
  return {
    source,
    digest,
    args: { ...args, ...Object.fromEntries(told) },
    bases: mapped(own, (image) => image.name),
    // What no ARG tells the engine is no reason for it to do a step again.
    noCache: noCache || told.length < Object.keys(externalInputs).length,
  };
}

/** Images of this config, by what the build file calls them. */
function ownBases(ctx: ResourceContext, { bases }: BuildFile): Readonly<Record<string, ImageEndpoint>> {
  const own = ctx.needs as Readonly<Record<string, ImageEndpoint>>;
  const unused = Object.keys(own).find((alias) => !bases.includes(alias));
  if (unused === undefined) return own;
  throw ctx.error(
    'CONFIG_INVALID',
    `${ctx.name} has \`bases.${unused}\`, but no FROM or COPY --from of its build file names ${unused}`,
    `the build file names ${bases.join(', ') || 'no image'}; write \`FROM ${unused}\` there`,
  );
}

/** Images of others, with their ids: when one of them is another one, so is what stands on it. */
async function foreignBases(
  ctx: ResourceContext,
  engine: Engine,
  { bases }: BuildFile,
  own: Readonly<Record<string, unknown>>,
): Promise<Record<string, string>> {
  const ids: Record<string, string> = {};
  for (const name of bases.filter((base) => own[base] === undefined)) {
    ids[name] = (await presentImage(ctx, engine, name)).id;
  }
  return ids;
}

async function versionsOf(ctx: ResourceContext): Promise<Record<string, string>> {
  const { externalInputs = {} } = optionsOf(ctx);
  const versions: Record<string, string> = {};
  for (const [name, version] of Object.entries(externalInputs)) {
    const found = typeof version === 'string' ? version : await ctx.call(version, [], ctx.plan.startTimeout);
    if (typeof found !== 'string') {
      throw ctx.error('CONFIG_INVALID', `\`externalInputs.${name}\` of ${ctx.name} did not return a string`);
    }
    versions[name] = found;
  }
  return versions;
}

function mapped<A, B>(record: Readonly<Record<string, A>>, change: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
