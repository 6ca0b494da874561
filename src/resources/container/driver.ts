import type { Endpoint } from '../../protocol/plan.ts';
import type { Driver } from '../driver.ts';
import { requireSameImage } from '../image/identity.ts';
import { listenersOf } from '../../platform/ports.ts';
import { preflightProbe } from '../probes/preflight.ts';
import { preflightEngine } from '../programs.ts';
import { checkConfig } from './configured.ts';
import { portsInside, type ContainerPlan } from './options.ts';
import { requireSharedNetwork } from './networks.ts';
import { addressOf, untilReady } from './ready.ts';
import { make, prepare, type Setting } from './setting.ts';

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
    const ports = portsInside(ctx.plan.options as unknown as ContainerPlan);
    return launch(await prepare<ContainerPlan>(ctx, ports), new Map());
  },
};

/**
 * @param before port in the container → the one on 127.0.0.1 that it had before
 * @param again ends the attempt, where this is not the first start
 */
async function launch(
  setting: Setting<ContainerPlan>,
  before: ReadonlyMap<number, number>,
  again?: AbortSignal,
): Promise<Endpoint> {
  const { ctx, options, ports, engine, image, config } = setting;
  const container = await make(setting, before, again);
  const endpoint = await (async () => {
    const inspected = await container.begin(ports);
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
async function relaunch(
  setting: Setting<ContainerPlan>,
  ports: ReadonlyMap<number, number>,
  again: AbortSignal,
): Promise<Endpoint> {
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
