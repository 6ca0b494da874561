import { DIGEST_LABEL, nameFor, type Tagger } from '../../containers/build/names.ts';
import { findByDigest, inspectImage, removeOutdated, type StoredImage } from '../../containers/build/store.ts';
import type { BuildFact } from '../../protocol/build.ts';
import type { Driver, ResourceContext } from '../driver.ts';
import { build } from './build.ts';
import { findEngine, type Engine } from '../../containers/engine.ts';
import { preflightEngine } from '../programs.ts';
import type { ImageEndpoint } from './index.ts';
import { optionsOf, recipeOf, type Recipe } from './recipe.ts';
import { readSource } from './source.ts';

/** Builds an image, unless one is there that was made from the same. */
export const imageDriver: Driver = {
  preflight: preflightEngine,
  async start(ctx) {
    const engine = findEngine(ctx.name, ctx.env);
    // Not before: it keeps nobody waiting then, and this one's image keeps the layers that both have.
    ctx.defer('names that earlier generations gave', () => removeOutdated(engine, taggerOf(ctx)));
    for (let again = false; ; again = true) {
      const recipe = await recipeOf(ctx, engine);
      const tag = nameFor(ctx.name, recipe.digest, taggerOf(ctx));
      const kept = optionsOf(ctx).noCache === true ? undefined : await tagged(engine, recipe, tag);
      const fact = kept === undefined ? await build(ctx, engine, recipe, tag) : unchanged(recipe, kept);
      if (kept !== undefined || (await isStill(ctx, recipe))) {
        ctx.built(fact);
        return kept === undefined
          ? await endpointOf(ctx, engine, recipe, tag)
          : { id: kept.id, name: tag, digest: recipe.digest };
      }
      if (again) throw ctx.error('IMAGE_BUILD_FAILED', `the files of ${ctx.name} are changed all the time`, HINT);
      ctx.note('its files were changed while it was built: it is built again');
    }
  },
};
const HINT = 'look for a program that writes into its `context`, and leave what it writes out by `.dockerignore`';

function taggerOf({ key, generation, nonce }: ResourceContext): Tagger {
  return { key, generation, random: nonce.slice(0, 6) };
}

/** The image that was made from the same, under a name for this generation. */
async function tagged(engine: Engine, { digest }: Recipe, tag: string): Promise<StoredImage | undefined> {
  const image = await findByDigest(engine, digest);
  if (image !== undefined) await engine.run(['tag', image.id, tag]);
  return image;
}

function unchanged({ digest }: Recipe, { madeAt }: StoredImage): BuildFact {
  const now = Date.now();
  return { how: 'unchanged', from: now, to: now, waited: 0, steps: 0, cached: 0, digest, madeAt };
}

/** Files that were changed while they were read are in no digest. */
async function isStill(ctx: ResourceContext, { source }: Recipe): Promise<boolean> {
  return (await readSource(ctx.name, ctx.root, optionsOf(ctx))).digest === source.digest;
}

async function endpointOf(
  ctx: ResourceContext,
  engine: Engine,
  { digest }: Recipe,
  name: string,
): Promise<ImageEndpoint> {
  const image = await inspectImage(engine, name);
  if (image?.labels[DIGEST_LABEL] === digest) return { id: image.id, name, digest };
  throw ctx.error(
    'INFRA_STALE_IMAGE',
    `${name} was made for ${ctx.name}, and is ${image === undefined ? 'not there' : 'another image'}`,
    'somebody removes or renames images of this engine meanwhile; run it again',
  );
}
