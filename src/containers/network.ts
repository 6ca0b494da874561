/** The network that the containers of a generation have in common. */
import { z } from 'zod';
import { GreenroomError } from '../protocol/failure.ts';
import { nameOf, type GenerationIdentity } from '../protocol/generation-file.ts';
import type { Engine } from './engine.ts';
import { labelWords } from './labels.ts';

interface Shared {
  users: number;
  /** Made and removed in turn, so that one that comes while it is removed waits and makes it anew. */
  turn: Promise<void>;
}

const networks = new Map<string, Shared>();

/**
 * Takes part in the network of a generation, which the first one makes.
 *
 * @returns its name
 * @throws GreenroomError ENGINE_FAILED
 */
export async function joinNetwork(engine: Engine, owner: GenerationIdentity): Promise<string> {
  const name = nameOf(owner);
  const shared = networks.get(name) ?? { users: 0, turn: Promise.resolve() };
  networks.set(name, shared);
  shared.users += 1;
  if (shared.users === 1) {
    shared.turn = shared.turn
      .catch(() => undefined)
      .then(async () => void (await engine.run(['network', 'create', ...labelWords(owner), name])));
  }
  await shared.turn;
  return name;
}

/** The last one removes it. @throws GreenroomError ENGINE_FAILED */
export async function leaveNetwork(engine: Engine, owner: GenerationIdentity): Promise<void> {
  const name = nameOf(owner);
  const shared = networks.get(name);
  if (shared === undefined) return;
  shared.users -= 1;
  if (shared.users > 0) return;
  shared.turn = shared.turn.catch(() => undefined).then(() => removeNetwork(engine, name));
  await shared.turn;
}

/** Not there is as good as removed: the process beside the last container may have been faster. */
async function removeNetwork(engine: Engine, name: string): Promise<void> {
  await engine.run(['network', 'rm', name]).catch(async (error: unknown) => {
    const left = await engine.run(['network', 'ls', '--format', '{{.Name}}']);
    if (left.split('\n').includes(name)) throw error;
  });
}

async function inspectNetwork(engine: Engine, network: string): Promise<unknown> {
  return JSON.parse(await engine.run(['network', 'inspect', network]));
}

/** Of docker's own network; it has the option, too, when somebody renamed it. */
const DEFAULT_BRIDGE = 'com.docker.network.bridge.default_bridge';

const named = z.tuple([
  z.union([z.object({ dns_enabled: z.boolean() }), z.object({ Options: z.record(z.string(), z.string()).nullable() })]),
]);

/** Whether containers on a network find each other by name, as they do on every one but the engine's own. */
export async function knowsNames(engine: Engine, network: string): Promise<boolean> {
  const parsed = named.safeParse(await inspectNetwork(engine, network));
  if (!parsed.success) return true;
  const [found] = parsed.data;
  return 'dns_enabled' in found ? found.dns_enabled : found.Options?.[DEFAULT_BRIDGE] !== 'true';
}

const inspected = z.tuple([
  z.union([
    z.object({ subnets: z.array(z.object({ gateway: z.string().exactOptional() })) }),
    z.object({ IPAM: z.object({ Config: z.array(z.object({ Gateway: z.string().exactOptional() })) }) }),
  ]),
]);

/** The host's own address on a network. @throws GreenroomError ENGINE_FAILED */
export async function gatewayOf(engine: Engine, network: string): Promise<string> {
  const parsed = inspected.safeParse(await inspectNetwork(engine, network));
  if (!parsed.success) throw noGateway(engine, network);
  const [found] = parsed.data;
  const gateways =
    'IPAM' in found ? found.IPAM.Config.map(({ Gateway }) => Gateway) : found.subnets.map(({ gateway }) => gateway);
  const ipv4 = gateways.find((address) => address?.includes(':') === false);
  if (ipv4 === undefined) throw noGateway(engine, network);
  return ipv4;
}

function noGateway(engine: Engine, network: string): GreenroomError {
  return new GreenroomError({
    code: 'ENGINE_FAILED',
    message: `the network ${network} of ${engine.kind} has no gateway, by which its containers could reach this machine`,
    hint: 'a bridge network has one',
  });
}
