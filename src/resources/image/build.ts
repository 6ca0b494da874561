import { stepsOf, warmthOf } from '../../containers/build/build-log.ts';
import { buildCommand, endable, refusal, type Builder } from '../../containers/build/command.ts';
import { Slots } from '../../containers/build/slots.ts';
import type { Engine } from '../../containers/engine.ts';
import type { BuildFact } from '../../protocol/build.ts';
import type { ResourceContext } from '../driver.ts';
import { describeExit } from '../exit.ts';
import { logSize, readLog } from '../log-file.ts';
import { orAbort } from '../probes/timing.ts';
import { optionsOf, type Recipe } from './recipe.ts';

/** Of all builds of this coordinator. */
const slots = new Slots();

/** Builds it when there is room. @throws GreenroomError IMAGE_BUILD_FAILED with the end of the log */
export async function build(ctx: ResourceContext, engine: Engine, recipe: Recipe, name: string): Promise<BuildFact> {
  const asked = Date.now();
  const leave = await slots.take(ctx.signal, (why) => ctx.note(why));
  try {
    const from = Date.now();
    const logFrom = logSize(ctx.logFile);
    await run(ctx, engine, recipe, name);
    const steps = stepsOf((await readLog(ctx.logFile, logFrom)).toString());
    const to = Date.now();
    return { how: warmthOf(steps), from, to, waited: from - asked, ...steps, digest: recipe.digest, madeAt: to };
  } finally {
    leave();
  }
}

async function run(ctx: ResourceContext, engine: Engine, recipe: Recipe, name: string): Promise<void> {
  const { source, digest, args, bases, noCache } = recipe;
  const { directory: context, file, ignoreFile } = source;
  const { target } = optionsOf(ctx);
  const request = {
    context,
    file,
    args,
    bases,
    noCache,
    digest,
    name,
    ...(ignoreFile === undefined ? {} : { ignoreFile }),
    ...(target === undefined ? {} : { target }),
  };
  const builder = await builderOf(engine);
  const refused = refusal(builder, request);
  if (refused !== undefined) throw ctx.error('IMAGE_BUILD_FAILED', `the image ${ctx.name} ${refused}`, OTHERS);
  const process = await ctx.spawn({
    run: endable(buildCommand(builder, request)),
    cwd: context,
    oneShot: true,
    label: `build of ${ctx.name}`,
  });
  const exit = await orAbort(ctx.signal, process.exited);
  if (exit.code === 0) return;
  throw ctx.error(
    'IMAGE_BUILD_FAILED',
    `the image ${ctx.name} could not be built: ${engine.kind} build ${describeExit(exit)}`,
    `its log ends with the reason: \`greenroom logs ${ctx.name}\``,
  );
}
const OTHERS = 'install the plugin docker-buildx, or podman; of ignore files, docker reads `.dockerignore`';

/** docker without its plugin for BuildKit builds as it did before. */
async function builderOf({ kind, run: ask }: Engine): Promise<Builder> {
  if (kind === 'podman') return 'podman';
  return ask(['buildx', 'version']).then(
    () => 'buildkit',
    () => 'legacy',
  );
}
