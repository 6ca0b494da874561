import { gatewayOf } from '../../containers/network.ts';
import { findEngine, type Engine } from '../../containers/engine.ts';
import { containerName } from '../../containers/labels.ts';
import { publishedAt } from '../../containers/published.ts';
import { viewsFromInside } from '../../containers/views.ts';
import type { Endpoint, Endpoints } from '../../protocol/plan.ts';
import type { Driver, ResourceContext } from '../driver.ts';
import { imageToRun, requireSameImage, type RunnableImage } from '../image/identity.ts';
import { listenersOf } from '../../platform/ports.ts';
import { preflightProbe } from '../probes/preflight.ts';
import { preflightEngine } from '../programs.ts';
import { checkConfig, configure, type Configured } from './configured.ts';
import { clientEnv, createWords } from './create.ts';
import { forwardsFor, startForwarder, type Forward } from './forwarder.ts';
import { Kept, removeContainer } from './kept.ts';
import type { ContainerPlan } from './options.ts';
import { ownNetwork, requireSharedNetwork } from './networks.ts';
import { addressOf, untilReady } from './ready.ts';
import { requireInsideView } from './scope.ts';

/** Milliseconds that a container has to end which is not well: those who need it wait. */
const UNWELL_GRACE_MS = 1_000;

/** Runs a server in a container, on the network that all containers of the generation share. */
export const containerDriver: Driver = {
  async preflight(name, plan, root, env) {
    const { ready } = plan.options as unknown as ContainerPlan;
    await preflightEngine(name, plan, root, env);
    if (ready !== undefined) preflightProbe(name, ready, root, env);
  },
  async start(ctx) {
    const options = ctx.plan.options as unknown as ContainerPlan;
    const engine = findEngine(ctx.subject, ctx.env);
    const image = await imageToRun(ctx, engine, options.image);
    // Before anything is made there: the next generation looks for what is left by its labels.
    ctx.recordEngine(engine.kind);
    const network = options.network ?? (await ownNetwork(ctx, engine));
    const forwards = await forwardsFor(ctx);
    const needs = viewsFromInside(ctx.needs, (port) => publishedAt(port) ?? forwards.find(({ to }) => to === port));
    const config = await configure(options, ctx, needs);
    requireInsideView(ctx, config.told);
    const gateway = forwards.length === 0 ? '' : await gatewayOf(engine, network);
    const name = containerName(ctx, ctx.name);
    const directory = await ctx.tempDir(`${ctx.name}-keeper`);
    // Whatever becomes of the process beside it.
    ctx.defer(`container ${name}`, () => removeContainer(engine, name));
    return launch(
      { ctx, options, engine, name, directory, image, network, forwards, gateway, needs, config },
      new Map(),
    );
  },
};

/** Everything about a container that is the same after a restart. */
interface Setting {
  readonly ctx: ResourceContext;
  readonly options: ContainerPlan;
  readonly engine: Engine;
  readonly name: string;
  readonly directory: string;
  readonly image: RunnableImage;
  readonly network: string;
  readonly forwards: readonly Forward[];
  /** The host's address on the network, where somebody needs it. */
  readonly gateway: string;
  /** As it sees them. */
  readonly needs: Endpoints;
  readonly config: Configured;
}

/**
 * @param before port in the container → the one on 127.0.0.1 that it had before
 * @param again ends the attempt, where this is not the first start
 */
async function launch(setting: Setting, before: ReadonlyMap<number, number>, again?: AbortSignal): Promise<Endpoint> {
  const { ctx, options, engine, name, directory, image, network, forwards, gateway, config } = setting;
  const { env } = config;
  const hosts = Object.fromEntries(forwards.map(({ host }) => [host, gateway]));
  const words = createWords({
    options: config.options,
    owner: ctx,
    name: ctx.name,
    root: ctx.root,
    image: image.id,
    network,
    before,
    env,
    hosts,
    files: config.directory,
  });
  const container = await Kept.create(ctx, engine, {
    name,
    words,
    directory,
    env: clientEnv(env),
    network: options.network === undefined ? network : undefined,
    stopSignal: options.stopSignal ?? 'SIGTERM',
    ...(again === undefined ? {} : { again }),
  });
  const endpoint = await (async () => {
    if (again === undefined) await startForwarder(ctx, gateway, forwards);
    const inspected = await container.begin(options);
    const address = addressOf(options, inspected);
    // While it starts: each question to the engine takes a tenth of a second.
    await Promise.all([
      requireSameImage(ctx, engine, inspected, image),
      requireSharedNetwork(ctx, engine, inspected),
      untilReady(ctx, container, inspected, options, config.told, address),
    ]);
    await checkConfig(setting, address, container.signal);
    return address;
  })().catch(async (error: unknown) => {
    // The next attempt needs its name; of a first start, the teardown ends it.
    if (again !== undefined) await container.stop(UNWELL_GRACE_MS);
    throw container.failure(error);
  });
  container.guard();
  ctx.care({
    endpoint,
    probe: options.ready ?? { probe: 'tcp' },
    restart: async (signal) => {
      await container.stop(UNWELL_GRACE_MS);
      return relaunch(setting, container.ports, signal);
    },
  });
  return endpoint;
}

/** With the ports that it had, unless somebody else has one of them by now: then with others. */
async function relaunch(setting: Setting, ports: ReadonlyMap<number, number>, again: AbortSignal): Promise<Endpoint> {
  try {
    return await launch(setting, ports, again);
  } catch (error) {
    const taken = await Promise.all([...ports.values()].map((port) => isTaken(port)));
    if (again.aborted || !taken.includes(true)) throw error;
    setting.ctx.note('a port that it had is taken by somebody else: it gets others');
    return launch(setting, new Map(), again);
  }
}

const isTaken = async (port: number): Promise<boolean> => (await listenersOf(port)).length > 0;
