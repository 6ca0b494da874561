import { createServer } from 'node:net';
import { groupMembers, processInfo } from '../../platform/identity.ts';
import { listenersOf, type Listener } from '../../platform/ports.ts';
import type { ResourceContext } from '../driver.ts';

/** A wildcard and a literal address do not exclude each other on every system, so each is tried. */
const ADDRESSES = ['0.0.0.0', '127.0.0.1', '::', '::1'];

/** @throws GreenroomError PORT_TAKEN, naming who has the port. */
export async function requireFree(ctx: ResourceContext, port: number): Promise<void> {
  const holders = await listenersOf(port);
  if (holders.length > 0) throw taken(ctx, port, holders);
  for (const host of ADDRESSES) {
    if (!(await canBind(host, port))) throw taken(ctx, port, await listenersOf(port));
  }
}

/**
 * Makes sure that who listens on the port is the process we started, or a child of it: a stranger's server that
 * answered the probe must not be taken for ours. Where the system does not tell who listens, it is believed.
 *
 * @throws GreenroomError PORT_TAKEN
 */
export async function requireOurs(ctx: ResourceContext, port: number, pid: number): Promise<void> {
  const group = groupMembers(pid).map((member) => member.pid);
  if ((await listenersOf(port, group)).length > 0) return;
  const holders = await listenersOf(port);
  if (holders.length === 0 || holders.some((holder) => isChildOf(holder.pid, pid))) return;
  throw taken(ctx, port, holders);
}

/** One that has left the process group is still found by its parents. */
function isChildOf(pid: number, ancestor: number): boolean {
  const info = processInfo(pid);
  return info !== undefined && (info.ppid === ancestor || (info.ppid > 1 && isChildOf(info.ppid, ancestor)));
}

function taken(ctx: ResourceContext, port: number, holders: readonly Listener[]): Error {
  const who =
    holders.map(({ name, pid }) => `${name} (pid ${pid})`).join(', ') || 'a process that this user may not see';
  return ctx.error(
    'PORT_TAKEN',
    `port ${port}, which ${ctx.name} must have, is taken by ${who}`,
    "end that process, or leave the choice to Greenroom with `port: 'auto'`",
  );
}

function canBind(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    // Only a port in use is the question here: an address this machine lacks, or a port below 1024, is not.
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code !== 'EADDRINUSE'));
    server.listen({ host, port, exclusive: true, ipv6Only: true }, () => server.close(() => resolve(true)));
  });
}
