import { findEngine, type Engine } from '../../containers/engine.ts';
import { inspectContainer, type Inspected } from '../../containers/inspect.ts';
import { containerName, hostName, labelsOf } from '../../containers/labels.ts';
import { publish, publishedAt } from '../../containers/published.ts';
import { hostPorts, viewsFromInside } from '../../containers/views.ts';
import { within } from '../../platform/deadline.ts';
import type { Endpoint, Endpoints, Json } from '../../protocol/plan.ts';
import { describeError, isGreenroomError } from '../../protocol/failure.ts';
import { removeContainer } from '../container/kept.ts';
import { ownNetwork } from '../container/networks.ts';
import type { Driver, ManagedProcess, ResourceContext } from '../driver.ts';
import { endedEarly } from '../exit.ts';
import { preflightEngine } from '../programs.ts';
import { orAbort } from '../probes/timing.ts';
import { followerCommand } from './follower.ts';
import { startedSchema, type Place, type StartedPlace, type TestcontainerPlan } from './options.ts';

/** Milliseconds that removing waits for a start that was called off: it may just be making what is to be removed. */
const SETTLE_MS = 4_000;
const HOST = '127.0.0.1';

/** Has a function of the config start a container; all that is ours about it is around that. */
export const testcontainerDriver: Driver = {
  preflight: preflightEngine,
  async start(ctx) {
    const engine = findEngine(ctx.subject, ctx.env);
    // Before anything is made there: the next generation looks for what is left by its labels.
    ctx.recordEngine(engine.kind);
    const network = await ownNetwork(ctx, engine);
    const name = containerName(ctx, ctx.name);
    const place = { name, network, alias: hostName(ctx.name), labels: labelsOf(ctx, ctx.name) };
    const settled = Promise.withResolvers<void>();
    ctx.defer(`container ${name}`, async () => {
      await within(settled.promise, SETTLE_MS, () => undefined);
      await removeContainer(engine, name);
    });
    const follower = await ctx.spawn({ run: followerCommand(engine.kind, name, network), oneShot: true });
    const started = await startBy(ctx, follower, place, settled.resolve);
    const inspected = await requireOurs(ctx, engine, name, started);
    ctx.guard(follower);
    const endpoint = endpointOf(inspected, started);
    ctx.defer('its ports', publish(inspected, ctx.subject, ctx.name));
    ctx.care({ endpoint });
    return endpoint;
  },
};

/** It waits itself until it is ready. Its end meanwhile is told at once. */
async function startBy(
  ctx: ResourceContext,
  follower: ManagedProcess,
  place: Place,
  settled: () => void,
): Promise<StartedPlace> {
  const { start } = ctx.plan.options as unknown as TestcontainerPlan;
  const ended = new AbortController();
  void follower.exited.then((exit) => ended.abort(endedEarly(ctx, exit)));
  const needs = needsFromInside(ctx) as Json;
  const started = ctx.call(start, [needs, place as unknown as Json], ctx.plan.startTimeout);
  void started.then(settled, settled);
  try {
    return startedSchema.parse(await orAbort(AbortSignal.any([ctx.signal, ended.signal]), started));
  } catch (error) {
    if (isGreenroomError(error) && /container runtime strategy/.test(describeError(error))) throw noSocket(ctx, error);
    throw error;
  }
}

/** @throws GreenroomError CONFIG_INVALID for what it could not reach */
function needsFromInside(ctx: ResourceContext): Endpoints {
  for (const [alias, endpoint] of Object.entries(ctx.needs)) {
    const onHost = hostPorts(endpoint).filter((port) => publishedAt(port) === undefined);
    if (onHost.length === 0) continue;
    throw ctx.error(
      'CONFIG_INVALID',
      `${ctx.name} is a container of testcontainers and needs ${alias}, which runs on the host at port ${onHost.join(', ')}`,
      'write it as a `container`, which reaches servers of the host, or run that server in a container, too',
    );
  }
  return viewsFromInside(ctx.needs, publishedAt);
}

function noSocket(ctx: ResourceContext, error: Error): Error {
  return ctx.error(
    'ENGINE_FAILED',
    `testcontainers finds no engine to start ${ctx.name} with: ${error.message}`,
    'it speaks to a socket: set DOCKER_HOST, for podman after `systemctl --user start podman.socket` or `podman system service --time 0 unix:///…`',
  );
}

async function requireOurs(
  ctx: ResourceContext,
  engine: Engine,
  name: string,
  { id }: StartedPlace,
): Promise<Inspected> {
  const inspected = await inspectContainer(engine, name);
  if (inspected?.id === id) return inspected;
  throw ctx.error(
    'ENGINE_FAILED',
    `testcontainers has started ${ctx.name} in another engine than ${engine.kind}, which runs the containers here`,
    'have DOCKER_HOST lead to the same engine',
  );
}

function endpointOf({ published }: Inspected, { port, more }: StartedPlace): Endpoint {
  const address = port === undefined ? {} : { port, url: `http://${HOST}:${port}` };
  return { host: HOST, ...address, ports: Object.fromEntries(published), ...more };
}
