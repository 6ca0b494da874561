/** What a container runs, against what was built for it. */
import { DIGEST_LABEL } from '../../containers/build/names.ts';
import type { Engine } from '../../containers/engine.ts';
import { inspectImage } from '../../containers/build/store.ts';
import type { Inspected } from '../../containers/inspect.ts';
import type { ResourceContext } from '../driver.ts';
import type { ImageEndpoint } from './index.ts';
import { presentImage } from './present.ts';

/** What a container is started from. */
export type RunnableImage = Pick<ImageEndpoint, 'id' | 'name'> & Partial<Pick<ImageEndpoint, 'digest'>>;

/** How the options of a container name its image: by a name, or as one of this config, by its alias among the needs. */
export type ImageReference = string | { readonly need: string };

/**
 * The image to run, which is there by then: a container is always started with `--pull=never`, from its id.
 *
 * @throws GreenroomError INFRA_IMAGE_NAME
 */
export async function imageToRun(ctx: ResourceContext, engine: Engine, image: ImageReference): Promise<RunnableImage> {
  return typeof image === 'string' ? presentImage(ctx, engine, image) : (ctx.needs[image.need] as ImageEndpoint);
}

/**
 * What a container that was started really runs must be what it was started from.
 *
 * @param running as the engine says it is
 * @throws GreenroomError INFRA_STALE_IMAGE when it is not the one that it was started from
 */
export async function requireSameImage(
  ctx: ResourceContext,
  engine: Engine,
  { image: id }: Pick<Inspected, 'image'>,
  image: RunnableImage,
): Promise<void> {
  const digest = (await inspectImage(engine, id))?.labels[DIGEST_LABEL];
  if (id === image.id && (image.digest === undefined || digest === image.digest)) return;
  throw ctx.error(
    'INFRA_STALE_IMAGE',
    `${ctx.name} runs the image ${short(id)} (made from ${short(digest ?? 'what is not known')}), but ${image.name} is ` +
      `${short(image.id)}${image.digest === undefined ? '' : ` (made from ${short(image.digest)})`}`,
    'another program starts containers or renames images here; remove that container and run it again',
  );
}

const short = (text: string): string => (/^[0-9a-f]{64}$/.test(text) ? text.slice(0, 12) : text);
