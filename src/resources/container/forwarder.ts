/** Servers of the host, for a container: at the host's address on its network, by a process that passes connections on. */
import { entry } from '../../platform/entry.ts';
import { addressText } from '../../protocol/address.ts';
import { hostName } from '../../containers/labels.ts';
import { publishedAt } from '../../containers/published.ts';
import { hostPorts, type Inside } from '../../containers/views.ts';
import type { ResourceContext } from '../driver.ts';

/** A port of this machine that nobody on the network would reach. */
export interface Forward extends Inside {
  /** Of the server, on 127.0.0.1. */
  readonly to: number;
}

/** What of a container's needs is no container: each of its ports gets another one, which is on the network. */
export async function forwardsFor(ctx: ResourceContext): Promise<readonly Forward[]> {
  const wanted = new Map(
    Object.entries(ctx.needs).flatMap(([alias, endpoint]) =>
      hostPorts(endpoint)
        .filter((port) => publishedAt(port) === undefined)
        .map((port) => [port, hostName(ctx.plan.needs[alias] ?? alias)] as const),
    ),
  );
  const forwards: Forward[] = [];
  for (const [to, host] of wanted) forwards.push({ host, to, port: await ctx.reservePort() });
  return forwards;
}

/**
 * Starts it, and waits until it listens. The address is there once the network has its first container.
 *
 * @param gateway the host's address on the network
 * @throws GreenroomError RESOURCE_EXITED, where that address is not this machine's
 */
export async function startForwarder(
  ctx: ResourceContext,
  gateway: string,
  forwards: readonly Forward[],
): Promise<void> {
  const ways = forwards.map(({ port, to }) => `${gateway}:${port}=${to}`);
  const label = `forwarder of ${ctx.name}`;
  const forwarder = await ctx.spawn({
    run: [process.execPath, entry('forwarder'), ...ways],
    label,
    oneShot: true,
    inFront: true,
  });
  const ended = new AbortController();
  void forwarder.exited.then(() =>
    ended.abort(
      ctx.error(
        'RESOURCE_EXITED',
        `what ${ctx.name} needs of the host cannot be reached at ${gateway}`,
        'a rootless engine, or one in a virtual machine, has its networks elsewhere: run that server in a container, too',
      ),
    ),
  );
  for (const { port } of forwards) {
    await ctx.untilPasses({ probe: 'tcp' }, { host: gateway, port }, { signal: ended.signal });
  }
  ctx.guard(forwarder);
  ctx.note(
    `on its network: ${forwards.map(({ host, port, to }) => `${host}:${port} is ${addressText({ host: '127.0.0.1', port: to })}`).join(', ')}`,
  );
}
