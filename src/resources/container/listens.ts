/** Whether a server in a container listens where others can reach it. */
import { connect } from 'node:net';
import { readFile } from 'node:fs/promises';
import { pause } from '../../platform/deadline.ts';
import { listening } from '../../containers/sockets.ts';
import type { ResourceContext } from '../driver.ts';

/** Between two looks, in milliseconds. */
const LOOK_MS = 100;
/** So often in a row it must have been seen there: some servers listen on one address after the other. */
const LOOKS = 3;
/** Milliseconds for one connection on a network of this machine. */
const CONNECT_MS = 1_000;

const LOOPBACK_WORD = /(?<![\w.])(?:127\.0\.0\.1|localhost|::1)(?![\w.])/;

export interface Watched {
  /** Of the container's first process, as the host has it. */
  readonly pid: number;
  /** In the container. */
  readonly ports: readonly number[];
  /** What the container was told: variables and words. */
  readonly told: Readonly<Record<string, string>>;
}

/** Rejects as soon as it is clear that nobody will ever reach the port. Ends with the signal. */
export async function refuseLoopback(ctx: ResourceContext, watched: Watched, signal: AbortSignal): Promise<never> {
  const seen = new Map<number, number>();
  for (;;) {
    for (const port of watched.ports) {
      const times = (await onlyOnLoopback(watched, port)) ? (seen.get(port) ?? 0) + 1 : 0;
      if (times >= LOOKS) throw await loopbackError(ctx, watched, port);
      seen.set(port, times);
    }
    await pause(LOOK_MS);
    signal.throwIfAborted();
  }
}

/**
 * What other containers will do: connects by its address on the network. Where that cannot be reached from here, as behind
 * a virtual machine, nothing is known; a refusal is one.
 *
 * @throws GreenroomError INFRA_BIND_LOOPBACK
 */
export async function requireReachable(ctx: ResourceContext, watched: Watched, address: string): Promise<void> {
  if (address === '') return;
  for (const port of watched.ports) {
    if (!(await refuses(address, port))) continue;
    if (await onlyOnLoopback(watched, port)) throw await loopbackError(ctx, watched, port);
  }
}

async function onlyOnLoopback({ pid }: Watched, port: number): Promise<boolean> {
  const own = (await listening(pid))?.filter((socket) => socket.port === port) ?? [];
  return own.length > 0 && own.every(({ loopback }) => loopback);
}

function refuses(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: CONNECT_MS });
    const end = (refused: boolean): void => {
      socket.destroy();
      resolve(refused);
    };
    socket.once('connect', () => end(false));
    socket.once('timeout', () => end(false));
    socket.once('error', (error: NodeJS.ErrnoException) => end(error.code === 'ECONNREFUSED'));
  });
}

async function loopbackError(ctx: ResourceContext, { pid, told }: Watched, port: number): Promise<Error> {
  const command = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0').join(' ').trim();
  const reason = Object.entries(told).find(([, value]) => LOOPBACK_WORD.test(value));
  return ctx.error(
    'INFRA_BIND_LOOPBACK',
    `${ctx.name} listens on the loopback address of its container alone, port ${port}: nobody outside of it can connect`,
    reason === undefined
      ? `have it listen on 0.0.0.0, where ${command === '' ? 'its program' : `\`${command}\``} calls listen or bind`
      : `${reason[0]} is ${reason[1]}: make it ${reason[1].replace(LOOPBACK_WORD, '0.0.0.0')}`,
  );
}
