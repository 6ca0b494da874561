import { canBePulled, findImage } from '../../containers/named-image.ts';
import type { Engine } from '../../containers/engine.ts';
import type { NamedImage } from '../../containers/build/store.ts';
import type { ResourceContext } from '../driver.ts';
import { describeExit } from '../exit.ts';
import { orAbort } from '../probes/timing.ts';

/**
 * The image of somebody else that a name means. One that is not there is pulled, unless that name can only be a mistake.
 *
 * @throws GreenroomError INFRA_IMAGE_NAME, with names that are near
 */
export async function presentImage(ctx: ResourceContext, engine: Engine, name: string): Promise<NamedImage> {
  const find = (): Promise<NamedImage> => findImage(engine, ctx.name, name);
  return find().catch(async (missing: unknown) => {
    if (!(await canBePulled(engine, name))) throw missing;
    await pull(ctx, engine, name);
    return find();
  });
}

async function pull(ctx: ResourceContext, engine: Engine, name: string): Promise<void> {
  ctx.note(`pulls ${name}`);
  const run = [engine.kind, 'pull', name];
  const process = await ctx.spawn({ run, oneShot: true, label: `pull for ${ctx.name}` });
  const exit = await orAbort(ctx.signal, process.exited);
  if (exit.code === 0) return;
  throw ctx.error(
    'INFRA_IMAGE_NAME',
    `${ctx.name} wants the image ${name}, which is not there and could not be pulled: ${engine.kind} pull ${describeExit(exit)}`,
    'see the end of its log for the registry’s answer; check the name, and that you are logged in there',
  );
}
