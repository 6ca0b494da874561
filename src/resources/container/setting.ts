/** What there is of a container before it is made, and how it is made. */
import { findEngine, type Engine } from '../../containers/engine.ts';
import { containerName } from '../../containers/labels.ts';
import { gatewayOf } from '../../containers/network.ts';
import { publishedAt } from '../../containers/published.ts';
import { viewsFromInside } from '../../containers/views.ts';
import type { Endpoints } from '../../protocol/plan.ts';
import type { ResourceContext } from '../driver.ts';
import { imageToRun, type RunnableImage } from '../image/identity.ts';
import { configure, type Configured } from './configured.ts';
import { clientEnv, createWords } from './create.ts';
import { forwardsFor, startForwarder, type Forward } from './forwarder.ts';
import { Kept, removeContainer } from './kept.ts';
import { ownNetwork } from './networks.ts';
import type { ContainerJobPlan } from './options.ts';
import { requireInsideView } from './scope.ts';

/** Everything about a container that is the same after a restart. */
export interface Setting<P extends ContainerJobPlan> {
  readonly ctx: ResourceContext;
  readonly options: P;
  /** In the container; those that are published. */
  readonly ports: readonly number[];
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
  readonly config: Configured<P>;
}

/** Finds image and network, and renders its configuration. @param ports in the container, the first is told to it */
export async function prepare<P extends ContainerJobPlan>(
  ctx: ResourceContext,
  ports: readonly number[],
): Promise<Setting<P>> {
  const options = ctx.plan.options as unknown as P;
  const engine = findEngine(ctx.subject, ctx.env);
  // Before anything is made there: the next generation looks for what is left by its labels.
  ctx.recordEngine(engine.kind);
  const [image, network] = await Promise.all([
    imageToRun(ctx, engine, options.image),
    options.network ?? ownNetwork(ctx, engine),
  ]);
  const forwards = await forwardsFor(ctx);
  const needs = viewsFromInside(ctx.needs, (port) => publishedAt(port) ?? forwards.find(({ to }) => to === port));
  const config = await configure(options, ctx, needs, ports[0]);
  requireInsideView(ctx, config.told);
  const gateway = forwards.length === 0 ? '' : await gatewayOf(engine, network);
  const name = containerName(ctx, ctx.name);
  const directory = await ctx.tempDir(`${ctx.name}-keeper`);
  // Whatever becomes of the process beside it.
  ctx.defer(`container ${name}`, () => removeContainer(engine, name));
  return { ctx, options, ports, engine, name, directory, image, network, forwards, gateway, needs, config };
}

/**
 * Makes the container, and reaches for it what it needs of the host.
 *
 * @param before port in the container → the one on 127.0.0.1 that it had before
 * @param again ends the attempt, where this is not the first start
 */
export async function make(
  setting: Setting<ContainerJobPlan>,
  before: ReadonlyMap<number, number>,
  again?: AbortSignal,
): Promise<Kept> {
  const { ctx, options, ports, engine, name, directory, image, network, forwards, gateway, config } = setting;
  const { env } = config;
  // It stays when the container is made again.
  const isForwarded = again === undefined && forwards.length > 0;
  const words = createWords({
    options: config.options,
    ports,
    owner: ctx,
    name: ctx.name,
    root: ctx.root,
    image: image.id,
    network,
    before,
    env,
    hosts: Object.fromEntries(forwards.map(({ host }) => [host, gateway])),
    files: config.directory,
  });
  const container = await Kept.create(ctx, engine, {
    name,
    words,
    directory,
    waits: isForwarded,
    env: clientEnv(env),
    network: options.network === undefined ? network : undefined,
    stopSignal: options.stopSignal ?? 'SIGTERM',
    ...(again === undefined ? {} : { again }),
  });
  if (isForwarded) await startForwarder(ctx, gateway, forwards);
  return container;
}
